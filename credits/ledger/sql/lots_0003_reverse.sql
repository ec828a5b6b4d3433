drop trigger immutable on credits_tally;
drop function credits_walk_on(bigint, boolean, credits_tally, bigint), credits_tally_before(bigint, bigint);
create function credits_pot_lines(bigint) returns void language sql as 'select';  -- which lots_0002 drops

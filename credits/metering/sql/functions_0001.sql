-- Arithmetic of meters and the rules on their tables (M1 M2 M5 M7 P12). Everything counts in whole seconds of hub time.

-- Running time at which block n+1 begins, when n blocks are charged. The minimum begins all at once and is paid whole or
-- not at all. `given_s` is free time: that of the price and what was given away since.
create function credits_block_begins(n int, block_s int, given_s bigint, min_blocks int) returns bigint language sql immutable
  return given_s + case when n < min_blocks then 0 else n::bigint * block_s end;

-- Blocks begun after so much running time. "More than": 60 seconds are one block of 60, the 61st begins the second.
create function credits_blocks_begun(ran bigint, block_s int, given_s bigint, min_blocks int) returns int language sql immutable
  return case when ran <= given_s then 0 else greatest(min_blocks, ((ran - given_s + block_s - 1) / block_s)::int) end;

-- Whether the block that begins at this running time is a VIP's: as it is now, turned over for each switch that came later.
create function credits_unmetered_at(unmetered boolean, switches bigint[], begins bigint) returns boolean language sql immutable
  return case when cardinality(switches) = 0 then unmetered
              else unmetered <> ((cardinality(switches) - width_bucket(begins, switches)) % 2 = 1) end;

-- The switches after the clock went back: none can lie in time that does not count any more.
create function credits_switches_upto(switches bigint[], ran bigint) returns bigint[] language sql immutable
  return case when cardinality(switches) = 0 then switches
              else array(select least(s, ran) from unnest(switches) s order by 1) end;

-- The hub second of a wall time of the past: outages since then have moved it.
create function credits_hub_at(wall timestamptz) returns bigint language sql stable as $$
  select floor(extract(epoch from wall))::bigint - c.lost_s
         + coalesce((select sum(o.to_s - greatest(o.from_s, floor(extract(epoch from wall))::bigint)) from credits_outage o
                      where o.to_s > floor(extract(epoch from wall))::bigint), 0)::bigint
    from credits_hubclock c
$$;

-- When the purse is used up. One meter: exact. Several: never later than the truth, at most one block of each too early.
create function credits_purse_lasts_s(left_m bigint, price_m bigint, block_s int, need_blocks int, next_charge_s bigint,
                                      meters bigint, soon_m numeric, offset_m numeric, per_s numeric, hub_s bigint)
returns bigint language sql immutable
  return case when left_m < price_m * need_blocks then next_charge_s
              when meters = 1 then next_charge_s + left_m / price_m * block_s
              else greatest(hub_s, floor((left_m - soon_m + offset_m) / per_s)::bigint) end;

-- When the cap (most to spend, limit) is reached; null where there is none.
create function credits_cap_lasts_s(left_m bigint, price_m bigint, block_s int, need_blocks int, next_charge_s bigint)
returns bigint language sql immutable
  return case when left_m < price_m * need_blocks then next_charge_s else next_charge_s + left_m / price_m * block_s end;

-- Which of the two caps stops the meter first.
create function credits_cap_name(most_to_spend_m bigint, limit_m bigint) returns text language sql immutable
  return case when limit_m is null or most_to_spend_m <= limit_m then 'most_to_spend' else 'limit' end;

-- For the sweep, a fold over a window: what is left in the purse after trying to pay. It pays what fits and skips what does
-- not (null: what may not be paid). A running sum would not do: it would also count what was refused.
create function credits_pay_or_skip(left_m bigint, purse_m bigint, amount_m bigint) returns bigint language plpgsql immutable as $$
begin
  if left_m is null then left_m := purse_m; end if;
  if amount_m <= left_m then return left_m - amount_m; end if;
  return left_m;
end $$;
create aggregate credits_left_after(purse_m bigint, amount_m bigint) (sfunc = credits_pay_or_skip, stype = bigint);

create trigger immutable before update or delete or truncate on credits_unmeteredblock
  for each statement execute function credits_refuse('charges are never changed or removed');
create trigger immutable before update or delete or truncate on credits_meterevent
  for each statement execute function credits_refuse('events are never changed or removed');
create trigger immutable before update or delete or truncate on credits_outage
  for each statement execute function credits_refuse('outages are never changed or removed');
create trigger no_removal before delete or truncate on credits_meter
  for each statement execute function credits_refuse('meters are never removed');
create trigger copied_when_opened before update on credits_meter for each row
  when (old.id <> new.id or old.price_m <> new.price_m or old.block_s <> new.block_s or old.free_s <> new.free_s
        or old.min_blocks <> new.min_blocks or old.wallet_id <> new.wallet_id or old.house_id <> new.house_id
        or old.reference <> new.reference or new.blocks_charged < old.blocks_charged or new.charged_m < old.charged_m
        or new.refunded_m < old.refunded_m or new.gift_s < old.gift_s or (old.state = 'ended' and new.state <> 'ended'))
  execute function credits_refuse('terms are copied, counts only grow, ended is the end');
create trigger forwards before update on credits_hubclock for each row
  when (new.hub_s < old.hub_s or new.lost_s < old.lost_s)
  execute function credits_refuse('time does not go back');

alter table credits_meter set (fillfactor = 70);                   -- room for HOT updates

insert into credits_hubclock (only_row, hub_s, lost_s) values (true, 0, 0);     -- the first beat sets it to the wall clock

-- Followed by lots_0001.
drop function credits_expire_lots(bigint, bigint, timestamptz);
drop function credits_line_shares(bigint);
drop function credits_wallet_lots(bigint);
drop function credits_walk(bigint, boolean);

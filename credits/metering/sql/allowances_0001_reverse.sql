create function credits_cap_name(most_to_spend_m bigint, limit_m bigint) returns text language sql immutable
  return case when limit_m is null or most_to_spend_m <= limit_m then 'most_to_spend' else 'limit' end;
drop trigger copied_when_opened on credits_meter;
create trigger copied_when_opened before update on credits_meter for each row
  when (old.id <> new.id or old.price_m <> new.price_m or old.block_s <> new.block_s or old.free_s <> new.free_s
        or old.min_blocks <> new.min_blocks or old.wallet_id <> new.wallet_id or old.house_id <> new.house_id
        or old.reference <> new.reference or new.blocks_charged < old.blocks_charged or new.charged_m < old.charged_m
        or new.refunded_m < old.refunded_m or new.gift_s < old.gift_s or (old.state = 'ended' and new.state <> 'ended'))
  execute function credits_refuse('terms are copied, counts only grow, ended is the end');
drop trigger used_follows on credits_transfer;
drop trigger no_removal on credits_allowance;
drop trigger starts_unused on credits_allowance;
drop trigger same_member on credits_allowance;
drop trigger only_by_charges on credits_allowance;
drop trigger within_limit on credits_allowance;
drop function credits_used_follows();
drop function credits_beyond_limit();
drop aggregate credits_left_within_limits(bigint, int, bigint, bigint);
drop function credits_pay_within_limits(bigint[], bigint, int, bigint, bigint);
drop function credits_limit_lasts_s(bigint, bigint, int, int, bigint, bigint, numeric, numeric, numeric, bigint, bigint);
drop function credits_room_m(bigint, bigint, bigint, timestamptz, timestamptz);
drop function credits_month_until(timestamptz, text);
drop function credits_month_since(timestamptz, text);

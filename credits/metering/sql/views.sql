-- What a frame needs of these meters (parameters: ids, now), in the sweep's columns; `due` is false, nothing was charged.
with clock as materialized (select hub_s, lost_s from credits_hubclock),
wanted as materialized (select m.* from credits_meter m where m.id = any(%(ids)s)),
wallets as materialized (select distinct wallet_id from wanted),
burn as (
  select m.wallet_id, count(*) as meters, sum(m.price_m * greatest(1, m.min_blocks - m.blocks_charged)) as soon_m,
         sum(m.price_m::numeric * m.next_charge_s / m.block_s) as offset_m, sum(m.price_m::numeric / m.block_s) as per_s
    from credits_meter m
   where m.wallet_id = any(array(select wallet_id from wallets)) and m.state in ('free', 'running', 'empty')
     and m.clock_from_s is not null and not m.unmetered group by 1),
purses as materialized (
  select a.id as wallet_id, a.balance_m from credits_account a where a.id = any(array(select wallet_id from wallets))),
held as materialized (
  select wallet_id, balance_m from credits_account where wallet_id = any(array(select wallet_id from wallets)) and kind = 'hold'),
member as materialized (
  select a.id, credits_room_m(a.limit_m, a.extra_m, a.used_m, a.until, %(now)s) as room_m,
         case when %(now)s >= a.until then credits_month_until(%(now)s, a.time_zone) else a.until end as until
    from credits_allowance a
   where a.id = any(array(select distinct allowance_id from wanted where allowance_id is not null)) and a.limit_m is not null),
burn_of_member as (
  select m.allowance_id, count(*) as meters, sum(m.price_m * greatest(1, m.min_blocks - m.blocks_charged)) as soon_m,
         sum(m.price_m::numeric * m.next_charge_s / m.block_s) as offset_m, sum(m.price_m::numeric / m.block_s) as per_s
    from credits_meter m
   where m.wallet_id = any(array(select wallet_id from wallets)) and m.state in ('free', 'running', 'empty')
     and m.clock_from_s is not null and not m.unmetered and m.allowance_id in (select id from member) group by 1)
select f.id, f.reference, f.wallet_id, f.state, f.reason, f.unmetered, false, 0, 0::bigint, false,
       f.price_m, f.block_s, f.free_s, f.gift_s, f.min_blocks, f.blocks_charged, f.charged_m - f.refunded_m as net_m,
       f.most_to_spend_m, l.room_m, f.ran_s, f.clock_from_s, f.next_charge_s, f.grace_until_s, f.warn_s, f.low_minutes,
       p.balance_m as available_m, p.balance_m + coalesce(h.balance_m, 0) as balance_m,
       case when f.clock_from_s is not null and not f.unmetered then
         credits_purse_lasts_s(p.balance_m, f.price_m, f.block_s, greatest(1, f.min_blocks - f.blocks_charged), f.next_charge_s,
                               b.meters, b.soon_m, b.offset_m, b.per_s, c.hub_s) end as purse_s,
       case when f.clock_from_s is not null and not f.unmetered then
         credits_cap_lasts_s(f.most_to_spend_m - f.charged_m + f.refunded_m, f.price_m, f.block_s,
                             greatest(1, f.min_blocks - f.blocks_charged), f.next_charge_s) end as most_s,
       case when f.clock_from_s is not null and not f.unmetered and l.room_m is not null then
         credits_limit_lasts_s(l.room_m, f.price_m, f.block_s, greatest(1, f.min_blocks - f.blocks_charged), f.next_charge_s,
                               o.meters, o.soon_m, o.offset_m, o.per_s, c.hub_s, extract(epoch from l.until)::bigint - c.lost_s)
       end as limit_s,
       c.hub_s, c.lost_s
  from wanted f join purses p using (wallet_id) left join held h using (wallet_id) left join burn b using (wallet_id)
  left join member l on l.id = f.allowance_id left join burn_of_member o on o.allowance_id = f.allowance_id cross join clock c

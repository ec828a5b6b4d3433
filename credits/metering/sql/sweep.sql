-- One statement that charges every due meter of a batch (parameters: batch, blocks_max, grace_s, now).
--
-- Shows:   exactly once per block under any number of sweeps; parallel sessions of one wallet paid in the order in
--          which their blocks began until the wallet is empty, and those of one member until the member's limit is reached
--          (P4); a cap (most to spend) that stops like an empty wallet; catching up; nothing for time the hub was down (its clock stands still then); no waiting, so no deadlock: every
--          lock is taken with SKIP LOCKED before the first write, and what is locked elsewhere is due again at the next tick.
-- Answers: one row (views.Row) for each meter whose frame changed: those charged or emptied (due) and the other live meters
--          of the same wallets, whose balance and time left changed with them.
with clock as materialized (select hub_s, lost_s from credits_hubclock),
due as materialized (
  select m.*, m.free_s + m.gift_s as given_s from credits_meter m
   where m.next_charge_s < (select hub_s from clock)
     and coalesce(m.clock_from_s, 0) <= (select hub_s from clock)   -- not if it was stopped and started after our snapshot: next tick
   order by m.next_charge_s, m.id limit %(batch)s
     for no key update skip locked),
purse as materialized (                     -- a locked row is read in its newest version, whatever the snapshot says
  select a.id, a.balance_m from credits_account a
   where a.id = any(array(select distinct wallet_id from due))
     for no key update skip locked),
allowance as materialized (                 -- of the members among them, with what each may still spend this month
  select a.id, a.wallet_id, credits_room_m(a.limit_m, a.extra_m, a.used_m, a.until, %(now)s) as room_m, a.until, a.time_zone
    from credits_allowance a
   where a.id = any(array(select distinct allowance_id from due where allowance_id is not null))
     for no key update skip locked),
wanted as (                                 -- what has begun and is not charged: first the minimum, as one item, all or nothing; then block by block
  select d.id, d.wallet_id, d.house_id, d.price_m, p.balance_m, b.block, f.first, b.block - f.first + 1 as blocks, u.unmetered,
         d.most_to_spend_m - d.charged_m + d.refunded_m as cap_left_m, d.allowance_id, l.room_m,
         case when u.unmetered then 0 else d.price_m * (b.block - f.first + 1) end as amount_m,
         coalesce(d.clock_from_s, 0) - d.ran_s + f.begins as begins_s
    from due d join purse p on p.id = d.wallet_id left join allowance l on l.id = d.allowance_id cross join clock c
   cross join lateral (
     select n as block
       from generate_series(
              greatest(d.blocks_charged + 1, d.min_blocks),
              least(case when d.blocks_charged < d.min_blocks then d.min_blocks     -- alone: a later block is cheaper and would pass it
                         else d.blocks_charged + %(blocks_max)s end,
                    credits_blocks_begun(d.ran_s + coalesce(c.hub_s - d.clock_from_s, 0), d.block_s, d.given_s, d.min_blocks))) n) b
   cross join lateral (
     select case when b.block = d.min_blocks then d.blocks_charged + 1 else b.block end as first,
            credits_block_begins(b.block - 1, d.block_s, d.given_s, d.min_blocks) as begins) f
   cross join lateral (select credits_unmetered_at(d.unmetered, d.switches, f.begins) as unmetered) u),
capped as (
  select w.*, not unmetered and coalesce(sum(amount_m) over (partition by id order by block) > cap_left_m, false) as capped,
         wallet_id in (select a.wallet_id from allowance a where a.room_m is not null) as has_limits
    from wanted w where allowance_id is null or exists (select from allowance a where a.id = allowance_id)),
folded as (
  select w.*, credits_left_after(balance_m, case when capped then null else amount_m end)
                over (partition by wallet_id order by begins_s, id, block rows unbounded preceding) as left_m
    from capped w where not has_limits),
limited as (                                -- the same where members have limits: an item must fit in both
  select w.*, credits_left_within_limits(balance_m, w.member, room_m, case when capped then null else amount_m end)
                over (partition by wallet_id order by begins_s, id, block rows unbounded preceding) as left_of
    from (select *, dense_rank() over (partition by wallet_id order by allowance_id)::int as member from capped where has_limits) w),
fitting as (
  select id, wallet_id, house_id, price_m, block, first, blocks, unmetered, allowance_id, amount_m, capped, left_m,
         not capped and amount_m <= lag(left_m, 1, balance_m) over (partition by wallet_id order by begins_s, id, block) as fits,
         false as by_limit
    from folded
  union all
  select id, wallet_id, house_id, price_m, block, first, blocks, unmetered, allowance_id, amount_m, capped, left_of[1], left_of[2] = 0,
         left_of[2] = 2 from limited),
judged as materialized (                    -- behind a refused block none is charged, not even a VIP's
  select f.*, bool_and(fits) over (partition by id order by block) as paid from fitting f),
posted as (
  insert into credits_transfer (debit_id, credit_id, amount_m, reason, actor, reference, meter_id, block, at)
  select wallet_id, house_id, price_m, 'charge', 'sweep', '', id, n, %(now)s
    from judged, generate_series(first, block) n where paid and not unmetered
  on conflict (meter_id, block) do nothing),
recorded as (
  insert into credits_unmeteredblock (meter_id, block, amount_m, list_price_m, at)
  select id, n, 0, price_m, %(now)s from judged, generate_series(first, block) n where paid and unmetered on conflict do nothing),
verdict as materialized (
  select id, coalesce(sum(blocks) filter (where paid), 0)::int as blocks, coalesce(sum(amount_m) filter (where paid), 0)::bigint as amount_m,
         bool_or(not paid) as refused, bool_and(capped) filter (where not paid) as by_cap, bool_or(by_limit) as by_limit from judged group by id),
change as materialized (                    -- refused: the clock goes back to the end of the paid time and stands
  select d.id, d.wallet_id, d.allowance_id, d.state as was, v.blocks, v.amount_m, v.refused, c.hub_s,
         case when v.by_cap then 'most_to_spend' when v.by_limit then 'limit' else 'balance' end as refused_by,
         d.blocks_charged + v.blocks as blocks_charged,
         credits_block_begins(d.blocks_charged + v.blocks, d.block_s, d.given_s, d.min_blocks) as next_begins,
         d.ran_s + coalesce(c.hub_s - d.clock_from_s, 0) as elapsed_s
    from due d join verdict v on v.id = d.id cross join clock c),
advanced as (
  update credits_meter m
     set blocks_charged = c.blocks_charged, charged_m = m.charged_m + c.amount_m,
         state = case when m.clock_from_s is null then m.state when c.refused then 'empty' else 'running' end,
         reason = case when m.clock_from_s is not null and c.refused then c.refused_by else m.reason end,
         grace_until_s = case when m.clock_from_s is not null and c.refused then c.hub_s + %(grace_s)s else m.grace_until_s end,
         ran_s = case when c.refused then c.next_begins else m.ran_s end,
         switches = case when c.refused then credits_switches_upto(m.switches, c.next_begins) else m.switches end,
         clock_from_s = case when c.refused then null else m.clock_from_s end,
         warn_s = case when c.refused then null else m.warn_s end,
         next_charge_s = case when c.refused then null
                              when m.clock_from_s is not null then m.clock_from_s + c.next_begins - m.ran_s
                              when c.elapsed_s > c.next_begins then m.next_charge_s end
    from change c where m.id = any(array(select id from change)) and m.id = c.id
  returning m.*, c.blocks as blocks_now, c.amount_m as amount_now_m, c.refused and c.was in ('free', 'running') as emptied),
logged as (
  insert into credits_meterevent (meter_id, kind, at_s, back_s, gift_s, blocks, reason, actor, at)
  select id, 'emptied', hub_s, elapsed_s - next_begins, 0, 0, was, 'sweep', %(now)s from change where refused),
frame as (
  select a.*, true as due from advanced a
  union all
  select m.*, 0, 0, false, false from credits_meter m
   where m.wallet_id = any(array(select wallet_id from change)) and m.state in ('free', 'running', 'empty')
     and m.id <> all(array(select id from change))),
purses as (
  select wallet_id, min(left_m) as balance_m from judged group by 1),
held as materialized (
  select wallet_id, sum(left_m)::bigint as balance_m from credits_hold
   where wallet_id = any(array(select distinct wallet_id from change)) and state = 'open' group by 1),
burn as (                                   -- how fast the live meters of a wallet use it up together
  select wallet_id, count(*) as meters, sum(price_m * greatest(1, min_blocks - blocks_charged)) as soon_m,
         sum(price_m::numeric * next_charge_s / block_s) as offset_m, sum(price_m::numeric / block_s) as per_s
    from frame where clock_from_s is not null and not unmetered group by 1),
member as materialized (                    -- what the members among them have left now, and when the month ends
  select l.id, l.room_m - coalesce((select sum(h.amount_m) from change h where h.allowance_id = l.id), 0)::bigint as room_m,
         case when %(now)s >= l.until then credits_month_until(%(now)s, l.time_zone) else l.until end as until
    from allowance l where l.room_m is not null
  union all
  select a.id, credits_room_m(a.limit_m, a.extra_m, a.used_m, a.until, %(now)s),
         case when %(now)s >= a.until then credits_month_until(%(now)s, a.time_zone) else a.until end
    from credits_allowance a
   where a.id = any(array(select distinct allowance_id from frame where allowance_id is not null
                          except select id from allowance)) and a.limit_m is not null),
burn_of_member as (
  select allowance_id, count(*) as meters, sum(price_m * greatest(1, min_blocks - blocks_charged)) as soon_m,
         sum(price_m::numeric * next_charge_s / block_s) as offset_m, sum(price_m::numeric / block_s) as per_s
    from frame where clock_from_s is not null and not unmetered and allowance_id is not null group by 1)
select f.id, f.reference, f.wallet_id, f.state, f.reason, f.unmetered, f.due, f.blocks_now, f.amount_now_m, f.emptied,
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
  from frame f join purses p using (wallet_id) left join held h using (wallet_id) left join burn b using (wallet_id)
  left join member l on l.id = f.allowance_id left join burn_of_member o on o.allowance_id = f.allowance_id cross join clock c

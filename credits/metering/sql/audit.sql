-- The nightly proof (M7, L1, L3). Every row it answers is an offence: (rule, id, expected, found).
--
-- Elapsed time is recomputed from the events alone; what the sweep keeps in meters (ran_s, clock_from_s, blocks_charged) is
-- compared with it, not trusted. Run in one REPEATABLE READ transaction, so that every part sees the same moment while the
-- hub goes on.
--
-- 'blocks'   charged and recorded blocks against what the events say was begun: never more than at any moment, never fewer
--            than at the end (the sweep may be 30 s behind).
-- 'unused'   paid blocks of which nothing was used, against those given back at the end.   'waived'   the same for waived ones.
-- 'elapsed', 'clock', 'gift'   the meter's own figures against the events.                 'vip'      who was metered and who not.
-- 'charged'  price x paid blocks, and the meter's own totals.                              'gaps'     block numbers are 1..n, each once.
-- 'balance'  kept balances against the sum of the transfers.                               'negative' no wallet or hold below zero.
-- 'sum'      all accounts together are zero.                                               'hold'     open holds against their accounts.
-- 'refund'   never above the charge, and to the wallet that paid.                          'outage'   lost seconds against the outages noted.
-- 'tally'    what was added up in a night against the lines.                              'lots'     what is left in them is what is there.
-- 'limit'    what a member used in the month against the charges (P4).                     'member'   a member's meter counts for the member.
with clock as materialized (select hub_s, lost_s from credits_hubclock),
steps as (                    -- from each event to the next one the clock either goes or stands
  select e.*, sum(case kind when 'started' then 1 when 'resumed' then 1 when 'paused' then -1 when 'ended' then -9
                            when 'emptied' then case when reason in ('free', 'running') then -1 else 0 end else 0 end) over w > 0 as going,
         lead(at_s) over w as until_s, sum(gift_s) over w - gift_s as gift_before_s
    from credits_meterevent e window w as (partition by meter_id order by id)),
counted as (                  -- running time after each event, and what was added since the one before
  select s.*, case when going then coalesce(until_s, (select hub_s from clock)) - at_s else 0 end as span_s,
         going and until_s < at_s as backwards
    from steps s),
moments as (
  select c.*, sum(span_s - back_s) over w - span_s + back_s as before_s,         -- what had run when it happened
         sum(span_s - back_s) over w as after_s                                  -- and when the next thing did
    from counted c window w as (partition by meter_id order by id)),
told as materialized (        -- per meter, from the events alone
  select m.id as meter_id, count(*) as events,
         max(credits_blocks_begun(greatest(0, case when e.kind = 'emptied' then e.before_s - e.back_s else e.before_s end)::bigint,
                                  m.block_s, (m.free_s + e.gift_before_s)::bigint, m.min_blocks)) as most_before,
         (array_agg(e.after_s order by e.id desc))[1]::bigint as ran_s,
         (array_agg(e.going order by e.id desc))[1] as going, bool_or(e.backwards) as backwards,
         sum(e.gift_s)::bigint as gift_s, sum(case when e.kind = 'waived' then e.blocks else 0 end)::int as waived,
         bool_or(e.kind = 'vip_on' or (e.kind = 'opened' and e.reason = 'vip')) as was_vip,
         bool_or(e.kind = 'vip_off' or (e.kind = 'opened' and e.reason <> 'vip')) as was_metered
    from moments e join credits_meter m on m.id = e.meter_id group by m.id),
reversals as materialized (
  select r.id, r.reason, r.amount_m, c.meter_id, c.block, c.amount_m as charge_m, c.debit_id as payer_id, r.credit_id
    from credits_transfer r join credits_transfer c on c.id = r.reverses_id),
paid as materialized (
  select meter_id, count(*)::int as n, sum(amount_m)::bigint as amount_m, min(block) as lo, max(block) as hi
    from credits_transfer where meter_id is not null group by 1),
unpaid as materialized (
  select meter_id, count(*)::int as n, min(block) as lo, max(block) as hi from credits_unmeteredblock group by 1),
back as materialized (
  select meter_id, sum(amount_m)::bigint as amount_m, count(*) filter (where reason = 'unused')::int as unused,
         count(*) filter (where reason = 'waive')::int as waived from reversals group by 1),
meter as materialized (
  select m.id, m.price_m, m.blocks_charged, m.charged_m, m.refunded_m, m.gift_s, m.state, m.next_charge_s,
         m.clock_from_s is not null as clock_goes, m.ran_s + coalesce((select hub_s from clock) - m.clock_from_s, 0) as own_ran_s,
         e.events, e.ran_s, e.going, e.backwards, e.gift_s as told_gift_s, e.waived as told_waived, e.was_vip, e.was_metered,
         coalesce(p.n, 0) as paid_n, coalesce(u.n, 0) as unpaid_n, coalesce(p.n, 0) + coalesce(u.n, 0) as n, coalesce(p.amount_m, 0) as paid_m,
         coalesce(b.amount_m, 0) as back_m, coalesce(b.unused, 0) as unused_n, coalesce(b.waived, 0) as waived_n,
         greatest(p.hi, u.hi) as hi, least(p.lo, u.lo) as lo,
         credits_blocks_begun(greatest(0, e.ran_s), m.block_s, m.free_s + e.gift_s, m.min_blocks) as begun,
         greatest(e.most_before, credits_blocks_begun(greatest(0, e.ran_s), m.block_s, m.free_s + e.gift_s, m.min_blocks)) as most,
         credits_blocks_begun(greatest(0, e.ran_s - case when e.going then 30 else 0 end), m.block_s, m.free_s + e.gift_s, m.min_blocks) as least_n
    from credits_meter m left join told e on e.meter_id = m.id left join paid p on p.meter_id = m.id
    left join unpaid u on u.meter_id = m.id left join back b on b.meter_id = m.id),
beyond as materialized (      -- paid blocks of settled meters of which nothing was used
  select t.meter_id, count(*)::int as n from credits_transfer t join meter m on m.id = t.meter_id
   where m.state = 'ended' and m.next_charge_s is null and t.block > m.begun group by 1),
used as materialized (        -- of each member in the month of the allowance: what was charged then, less what was given back of it
  select a.id as allowance_id, sum(t.amount_m - coalesce(r.amount_m, 0)) as m
    from credits_allowance a join credits_meter m on m.allowance_id = a.id
    join credits_transfer t on t.meter_id = m.id and t.at >= a.since and t.at < a.until
    left join credits_transfer r on r.reverses_id = t.id group by 1),
lines as materialized (
  select account_id, sum(m) as m
    from (select debit_id, -sum(amount_m) from credits_transfer group by 1
          union all select credit_id, sum(amount_m) from credits_transfer group by 1) x(account_id, m) group by 1)
select 'blocks' as rule, id, most::numeric as expected, n::numeric as found from meter
 where events is null or backwards or ran_s < 0 or n > most or (n < least_n and (going or next_charge_s is null))
union all
select 'unused', m.id, least(coalesce(b.n, 0), m.paid_n - m.waived_n), m.unused_n from meter m left join beyond b on b.meter_id = m.id
 where m.unused_n <> least(coalesce(b.n, 0), m.paid_n - m.waived_n)
union all
select 'waived', id, told_waived, waived_n from meter where told_waived <> waived_n
union all
select 'elapsed', id, ran_s, own_ran_s from meter where ran_s <> own_ran_s
union all
select 'clock', id, going::int, clock_goes::int from meter where going <> clock_goes
union all
select 'gift', id, told_gift_s, gift_s from meter where told_gift_s <> gift_s
union all
select 'vip', id, case when was_vip then unpaid_n else 0 end, unpaid_n from meter
 where (unpaid_n > 0 and not was_vip) or (paid_n > 0 and not was_metered)
union all
select 'charged', id, paid_m - back_m, charged_m - refunded_m from meter
 where paid_m <> paid_n * price_m or charged_m <> paid_m or refunded_m <> back_m
union all
select 'gaps', id, blocks_charged, hi from meter where n <> blocks_charged or (blocks_charged > 0 and (lo <> 1 or hi <> blocks_charged))
union all
select 'balance', a.id, coalesce(l.m, 0), a.balance_m from credits_account a left join lines l on l.account_id = a.id
 where a.balance_m is not null and a.balance_m <> coalesce(l.m, 0)
union all
select 'negative', a.id, 0, l.m from credits_account a join lines l on l.account_id = a.id where a.kind in ('wallet', 'hold') and l.m < 0
union all
select 'sum', null, 0, sum(m) from lines having sum(m) <> 0
union all
select 'hold', a.id, coalesce(sum(h.left_m), 0), a.balance_m from credits_account a
  left join credits_hold h on h.account_id = a.id and h.state = 'open'
 where a.kind = 'hold' group by a.id, a.balance_m having a.balance_m <> coalesce(sum(h.left_m), 0)
union all
select 'refund', id, charge_m, amount_m from reversals where amount_m > charge_m or credit_id <> payer_id
union all
select 'limit', a.id, coalesce(u.m, 0), a.used_m from credits_allowance a left join used u on u.allowance_id = a.id
 where a.used_m <> coalesce(u.m, 0)
union all
select 'member', m.id, 1, 0 from credits_meter m join credits_wallet w on w.account_id = m.wallet_id
 where w.organisation_id is not null and m.spender_id is not null
   and not exists (select from credits_allowance a where a.id = m.allowance_id and a.wallet_id = m.wallet_id and a.user_id = m.spender_id)
union all
select 'outage', null, coalesce(sum(to_s - from_s), 0), lost_s from clock left join credits_outage on true
 group by lost_s having coalesce(sum(to_s - from_s), 0) <> lost_s
union all
select 'tally', k.wallet_id, k.lines_m, k.balance_m
  from (select t.wallet_id, t.balance_m, coalesce((select sum(l.amount_m) from credits_transfer l
                                                    where l.credit_id = t.wallet_id and l.meter_id is null and l.id <= t.through_id), 0)
                                         - coalesce((select sum(l.amount_m) from credits_transfer l
                                                      where l.debit_id = t.wallet_id and l.id <= t.through_id), 0) as lines_m
          from credits_tally t where t.through_id = (select max(o.through_id) from credits_tally o where o.wallet_id = t.wallet_id)) k
 where k.lines_m <> k.balance_m
union all
select 'tally', k.wallet_id, k.before_m + k.added_m - k.used_m, k.balance_m
  from (select *, lag(balance_m, 1, 0::bigint) over w as before_m, lag(through_id, 1, 0::bigint) over w as before_id
          from credits_tally window w as (partition by wallet_id order by through_id)) k
 where k.before_m + k.added_m - k.used_m <> k.balance_m or k.before_id <> k.after_id
union all
select 'lots', p.wallet_id, p.balance_m, p.left_m
  from (select k.wallet_id, (select sum(a.balance_m) from credits_account a
                              where a.id = k.wallet_id or (a.wallet_id = k.wallet_id and a.kind = 'hold')) as balance_m,
               coalesce((select sum(w.left_m) from credits_wallet_lots(k.wallet_id) w), 0) as left_m
          from (select distinct wallet_id from credits_tally) k) p
 where p.balance_m <> p.left_m

-- What came into a wallet and what was used of it, by month of the reader's zone, newest first (parameters: wallet, zone, since, spenders).
-- What a chat gave back counts against what it used.
with both_ways as (
  (select -amount_m as amount_m, meter_id, reverses_id, at from credits_transfer where debit_id = %(wallet)s and at >= %(since)s)
  union all
  (select amount_m, meter_id, reverses_id, at from credits_transfer
    where credit_id = %(wallet)s and meter_id is null and at >= %(since)s))
select date_trunc('month', l.at at time zone %(zone)s)::date,
       coalesce(sum(l.amount_m) filter (where m.id is null and l.amount_m > 0), 0)::bigint,
       coalesce(-sum(l.amount_m) filter (where m.id is not null or l.amount_m < 0), 0)::bigint
  from both_ways l
  left join credits_transfer c on c.id = l.reverses_id
  left join credits_meter m on m.id = coalesce(l.meter_id, c.meter_id)
 where %(spenders)s::bigint[] is null or m.spender_id = any(%(spenders)s)
 group by 1 order by 1 desc

-- What came into a wallet and what was used of it by day of the reader's zone, of the lines after a given one (parameters: wallet,
-- after, zone, since, spenders). What a chat gave back counts against what it used. With each day: how many lines count, how many
-- were read and the newest of those; who keeps the sums goes on from there.
with lines as (
  select id, -amount_m as amount_m, meter_id, at from credits_transfer
   where debit_id = %(wallet)s and id > %(after)s and at >= %(since)s
  union all
  select l.id, l.amount_m, c.meter_id, l.at from credits_transfer l left join credits_transfer c on c.id = l.reverses_id
   where l.credit_id = %(wallet)s and l.meter_id is null and l.id > %(after)s and l.at >= %(since)s),
seen as (                                   -- meters are looked at only where somebody's lines alone are asked for
  select l.*, %(spenders)s::bigint[] is null or coalesce(m.spender_id = any(%(spenders)s::bigint[]), false) as counts
    from lines l left join credits_meter m on m.id = l.meter_id and %(spenders)s::bigint[] is not null)
select (at at time zone %(zone)s)::date,
       coalesce(sum(amount_m) filter (where counts and meter_id is null and amount_m > 0), 0)::bigint,
       coalesce(-sum(amount_m) filter (where counts and (meter_id is not null or amount_m < 0)), 0)::bigint,
       count(*) filter (where counts), count(*), max(id)
  from seen group by 1

-- As days.sql, of what these meters charged and were given back (parameters: wallet, meters, after, zone, since).
with lines as (
  select t.id, -t.amount_m as amount_m, t.at from credits_transfer t
   where t.meter_id = any(%(meters)s::bigint[]) and t.debit_id = %(wallet)s
  union all
  select t.id, t.amount_m, t.at from credits_transfer c join credits_transfer t on t.reverses_id = c.id
   where c.meter_id = any(%(meters)s::bigint[]) and t.credit_id = %(wallet)s and t.meter_id is null)
select (at at time zone %(zone)s)::date, 0::bigint, -sum(amount_m)::bigint, count(*), count(*), max(id)
  from lines where id > %(after)s and at >= %(since)s group by 1

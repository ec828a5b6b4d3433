-- A page of what these meters charged and were given back, newest first, as lines.sql tells it and without balances (parameters:
-- wallet, meters, before, reason, since, until, limit). It costs as much as the meters have lines, however many the wallet has.
with lines as (
  select t.id, -t.amount_m as amount_m, t.reason, t.at, t.block, t.meter_id
    from credits_transfer t where t.meter_id = any(%(meters)s::bigint[]) and t.debit_id = %(wallet)s
  union all
  select t.id, t.amount_m, t.reason, t.at, c.block, c.meter_id
    from credits_transfer c join credits_transfer t on t.reverses_id = c.id
   where c.meter_id = any(%(meters)s::bigint[]) and t.credit_id = %(wallet)s and t.meter_id is null),
found as (
  select * from lines
   where id < %(before)s and (%(reason)s::text is null or reason = %(reason)s)
     and (%(since)s::timestamptz is null or at >= %(since)s) and (%(until)s::timestamptz is null or at < %(until)s)
   order by id desc limit %(limit)s)
select f.id, f.amount_m, null::bigint, f.reason, f.at, f.block, m.reference, true, n.text, m.spender_id
  from found f join credits_meter m on m.id = f.meter_id left join credits_transfernote n on n.transfer_id = f.id
 order by f.id desc

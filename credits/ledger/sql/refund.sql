-- Gives back an amount over the charges of these meters (parameters: refund, meters, amount, refunds, actor, reference, now).
-- Newest first, each charge at most once, the last one in part; the meters count it. Answers (transfer, amount) posted; they
-- add up to less than the amount when there is not that much left.
with charge as (
  select t.id, t.debit_id, t.meter_id, t.amount_m, sum(t.amount_m) over (order by t.id desc) - t.amount_m as before_m
    from credits_transfer t
   where t.meter_id = any(%(meters)s) and not exists (select from credits_transfer r where r.reverses_id = t.id)),
part as materialized (
  select id, debit_id, meter_id, least(amount_m, %(amount)s - before_m) as amount_m from charge where before_m < %(amount)s),
posted as (
  insert into credits_transfer (key, debit_id, credit_id, amount_m, reason, actor, reference, reverses_id, at)
  select 'refund:' || %(refund)s || ':' || id, %(refunds)s, debit_id, amount_m, 'refund', %(actor)s, %(reference)s, id, %(now)s from part
  returning id, amount_m),
counted as (
  update credits_meter m set refunded_m = m.refunded_m + p.amount_m
    from (select meter_id, sum(amount_m)::bigint as amount_m from part group by 1) p where m.id = p.meter_id)
select id, amount_m from posted

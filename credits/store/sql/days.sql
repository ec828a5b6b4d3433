-- Money by day of the hub's zone and provider (parameters: zone, since, until): what was sold that day and what went back that
-- day, whenever it was sold. `credits_m` is what the purchases say, `ledger_m` the same from the transfers alone: they are equal,
-- or something is wrong. `back_m` is what the ledger took back, `refunded_cents` what went back by us or at the provider.
with moved as (
  select p.paid_at as at, p.provider, p.test, p.currency, 1 as purchases, p.amount_cents,
         case p.vat_at when 'sale' then (2 * p.amount_cents * p.vat_bp + 10000 + p.vat_bp) / (2 * (10000 + p.vat_bp)) else 0 end as vat_cents,
         p.credits_m, coalesce(t.amount_m, 0) as ledger_m, 0::bigint as refunded_cents, 0::bigint as charged_back_cents, 0::bigint as back_m
    from credits_purchase p left join credits_transfer t on t.id = p.transfer_id and t.reason = 'purchase'
   where p.state = 'paid' and p.paid_at >= %(since)s and p.paid_at < %(until)s
  union all
  select f.done_at, p.provider, p.test, p.currency, 0, 0, 0, 0, 0, f.amount_cents, 0, 0
    from credits_moneyrefund f join credits_purchase p on p.id = f.purchase_id
   where f.state = 'done' and f.done_at >= %(since)s and f.done_at < %(until)s
  union all
  select e.at, p.provider, p.test, p.currency, 0, 0, 0, 0, 0,
         case e.what when 'refunded_outside' then e.cents else 0 end, case e.what when 'charged_back' then e.cents else 0 end, 0
    from credits_purchaseevent e join credits_purchase p on p.id = e.purchase_id
   where e.what in ('refunded_outside', 'charged_back') and e.at >= %(since)s and e.at < %(until)s
  union all
  select t.at, p.provider, p.test, p.currency, 0, 0, 0, 0, 0, 0, 0, case t.reason when 'returned' then -t.amount_m else t.amount_m end
    from credits_transfer t join credits_purchase p on p.id = split_part(t.reference, ':', 2)::uuid
   where t.meter_id is null and t.reason in ('taken_back', 'owed', 'returned') and t.reference like 'purchase:%%'
     and t.at >= %(since)s and t.at < %(until)s)
select (at at time zone %(zone)s)::date as day, provider, test, currency, sum(purchases)::int, sum(amount_cents)::bigint,
       sum(vat_cents)::bigint, sum(credits_m)::bigint, sum(ledger_m)::bigint, sum(refunded_cents)::bigint,
       sum(charged_back_cents)::bigint, sum(back_m)::bigint
  from moved group by 1, 2, 3, 4 order by 1 desc, 2, 3, 4

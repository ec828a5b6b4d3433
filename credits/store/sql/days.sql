-- The daily reconciliation (S3): what was sold and what went back, by day of the hub's zone and provider (parameters: zone, since,
-- until), from the purchases; `ledger_m` is the same from the transfers alone. They are equal, or something is wrong.
select (p.paid_at at time zone %(zone)s)::date as day, p.provider, p.test, p.currency, count(*), sum(p.amount_cents)::bigint,
       sum(p.credits_m)::bigint, coalesce(sum(t.amount_m), 0)::bigint as ledger_m, sum(p.refunded_cents)::bigint,
       sum(p.charged_back_cents)::bigint, sum(p.taken_back_m)::bigint
  from credits_purchase p left join credits_transfer t on t.id = p.transfer_id and t.reason = 'purchase'
 where p.state = 'paid' and p.paid_at >= %(since)s and p.paid_at < %(until)s
 group by 1, 2, 3, 4 order by 1 desc, 2

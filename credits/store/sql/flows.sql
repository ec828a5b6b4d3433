-- What moved into and out of all wallets together, by day of the hub's zone and reason (parameters: zone, since, until), and what
-- they owe. Rows of one moment: (day, what, into_m, owed_m). A day of null is what moved since `until`. The row 'standing' is what
-- stands in the wallets, held or not, and what is owed, now; walking back from it tells how it stood on any day.
select case when t.at < %(until)s then (t.at at time zone %(zone)s)::date end as day,
       case when t.reason = 'adjust' and d.kind in ('wallet', 'hold') then 'taken_away' else t.reason end as what,
       sum(case when c.kind in ('wallet', 'hold') then t.amount_m when d.kind in ('wallet', 'hold') then -t.amount_m else 0 end)::bigint,
       sum(case when d.kind = 'debt' then t.amount_m when c.kind = 'debt' then -t.amount_m else 0 end)::bigint
  from credits_transfer t join credits_account d on d.id = t.debit_id join credits_account c on c.id = t.credit_id
 where t.at >= %(since)s and ((d.kind in ('wallet', 'hold')) <> (c.kind in ('wallet', 'hold')) or (d.kind = 'debt') <> (c.kind = 'debt'))
 group by 1, 2
union all
select null, 'standing', (select coalesce(sum(balance_m), 0) from credits_account where kind in ('wallet', 'hold'))::bigint,
       (select coalesce(sum(credits_owed_m(a.wallet_id)), 0) from credits_account a
         where a.kind = 'debt' and exists (select from credits_transfer t where t.debit_id = a.id))::bigint
order by 1 desc, 2

-- The nightly proof of the store (S3 S4 S5 L7). Every row it answers is an offence: (rule, id, expected, found).
--
-- 'paid'      each paid purchase has the one transfer of its key, with its credits, and no other purchase has one.
-- 'back'      what was taken back of a purchase, by its row and by the transfers.   'refund'  the same of refunds of money.
-- 'cleared'   all that the store moved through the clearing account is what the purchases say.
-- 'owed'      nobody is owed by us.   'receipt'  numbers are 1..n, and each paid purchase that is marked has one.
-- 'voucher'   uses are redemptions, each with its credits.
with moved as materialized (
  select t.id, t.key, t.reason, t.reference, t.amount_m, t.credit_id, t.debit_id from credits_transfer t
   where t.meter_id is null and t.reason in ('purchase', 'taken_back', 'owed', 'returned')),
reversed as materialized (
  select split_part(key, ':', 2)::uuid as id, sum(case reason when 'returned' then -amount_m else amount_m end) as m
    from moved where key like 'purchase:%:reversal:%' group by 1),
paid_back as materialized (
  select split_part(key, ':', 2)::uuid as id, sum(case reason when 'returned' then -amount_m else amount_m end) as m
    from moved where key like 'money-refund:%' group by 1)
select 'paid' as rule, p.id::text as id, p.credits_m::numeric as expected, coalesce(t.amount_m, 0)::numeric as found
  from credits_purchase p left join moved t on t.id = p.transfer_id and t.key = 'purchase:' || p.id and t.reason = 'purchase'
 where p.state = 'paid' and t.amount_m is distinct from p.credits_m
union all
select 'paid', t.key, 0, t.amount_m from moved t
 where t.key like 'purchase:%' and t.reason = 'purchase' and not exists (select from credits_purchase p where p.transfer_id = t.id)
union all
select 'back', coalesce(p.id, r.id)::text, coalesce(p.taken_back_m, 0), coalesce(r.m, 0)
  from (select * from credits_purchase where taken_back_m <> 0 or reversals <> 0) p full join reversed r on r.id = p.id
 where coalesce(p.taken_back_m, 0) <> coalesce(r.m, 0)
union all
select 'refund', coalesce(f.id, b.id)::text, case when f.state = 'failed' then 0 else coalesce(f.credits_m, 0) end, coalesce(b.m, 0)
  from credits_moneyrefund f full join paid_back b on b.id = f.id
 where case when f.state = 'failed' then 0 else coalesce(f.credits_m, 0) end <> coalesce(b.m, 0)
union all
select 'cleared', null, s.m, c.m
  from (select coalesce(sum(credits_m - taken_back_m), 0)
               - (select coalesce(sum(credits_m), 0) from credits_moneyrefund where state <> 'failed') as m
          from credits_purchase where state = 'paid') s,
       (select coalesce(sum(case when reason in ('purchase', 'returned') then amount_m else -amount_m end), 0) as m
          from moved where key like 'purchase:%' or key like 'money-refund:%') c
 where s.m <> c.m
union all
select 'owed', a.wallet_id::text, 0, credits_owed_m(a.wallet_id) from credits_account a
 where a.kind = 'debt' and credits_owed_m(a.wallet_id) < 0
union all
select 'receipt', y.year::text, y.last, count(r.id) from credits_receiptyear y left join credits_receipt r on r.year = y.year
 group by y.year, y.last having y.last <> count(r.id) or y.last <> coalesce(max(r.number), 0)
union all
select 'receipt', p.id::text, 1, 0 from credits_purchase p
 where p.receipted and not exists (select from credits_receipt r where r.purchase_id = p.id and r.kind = 'receipt')
union all
select 'voucher', v.id::text, v.uses, count(r.id) from credits_voucher v left join credits_voucherredemption r on r.voucher_id = v.id
 group by v.id, v.uses having v.uses <> count(r.id)

-- A page of a wallet's lines, newest first, each with the balance after it (parameters: wallet, before, balance, reason, since,
-- until, spenders, limit). `balance` is that after the newest line of the page; null: what is in the wallet now. Two scans of
-- an index each, merged; the window runs along with them and stops at the limit, so a page costs the same however far it is.
with both_ways as (
  (select id, -amount_m as amount_m, reason, reference, meter_id, block, reverses_id, at
     from credits_transfer where debit_id = %(wallet)s and id < %(before)s order by id desc)
  union all
  (select id, amount_m, reason, reference, meter_id, block, reverses_id, at
     from credits_transfer where credit_id = %(wallet)s and meter_id is null and id < %(before)s order by id desc)
   order by id desc),
with_balance as (
  select l.*, coalesce(%(balance)s::bigint, (select balance_m from credits_account where id = %(wallet)s))
              - coalesce(sum(amount_m) over (order by id desc rows between unbounded preceding and 1 preceding), 0) as balance_m
    from both_ways l)
select l.id, l.amount_m, l.balance_m::bigint, l.reason, l.at, coalesce(c.block, l.block), coalesce(m.reference, l.reference),
       m.id is not null, n.text
  from with_balance l
  left join credits_transfer c on c.id = l.reverses_id
  left join credits_meter m on m.id = coalesce(l.meter_id, c.meter_id)
  left join credits_transfernote n on n.transfer_id = l.id
 where (%(reason)s::text is null or l.reason = %(reason)s)
   and (%(since)s::timestamptz is null or l.at >= %(since)s) and (%(until)s::timestamptz is null or l.at < %(until)s)
   and (%(spenders)s::bigint[] is null or m.spender_id = any(%(spenders)s))
 order by l.id desc limit %(limit)s

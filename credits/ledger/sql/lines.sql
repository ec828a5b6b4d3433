-- A page of a wallet's lines, newest first, each with the balance after it (parameters: wallet, before, balance, reason, since,
-- until, spenders, limit, balances). `balance` is that after the newest line of the page; null: what is in the wallet now. The page is found
-- by two scans of an index that stop at the limit; the balance runs along over all lines from the newest to the last of the page.
-- So a page of everything costs the same however far it is, and one of few lines among many costs what lies between, unless
-- `balances` is false: then nothing is added up, and no balance is told.
with found as materialized (
  (select t.id, -t.amount_m as amount_m, t.reason, t.reference, t.meter_id, t.block, t.reverses_id, t.at
     from credits_transfer t
    where t.debit_id = %(wallet)s and t.id < %(before)s and (%(reason)s::text is null or t.reason = %(reason)s)
      and (%(since)s::timestamptz is null or t.at >= %(since)s) and (%(until)s::timestamptz is null or t.at < %(until)s)
      and (%(spenders)s::bigint[] is null or (select m.spender_id from credits_meter m where m.id = coalesce(t.meter_id,
             (select c.meter_id from credits_transfer c where c.id = t.reverses_id))) = any(%(spenders)s::bigint[]))
    order by t.id desc limit %(limit)s)
  union all
  (select t.id, t.amount_m, t.reason, t.reference, t.meter_id, t.block, t.reverses_id, t.at
     from credits_transfer t
    where t.credit_id = %(wallet)s and t.meter_id is null and t.id < %(before)s and (%(reason)s::text is null or t.reason = %(reason)s)
      and (%(since)s::timestamptz is null or t.at >= %(since)s) and (%(until)s::timestamptz is null or t.at < %(until)s)
      and (%(spenders)s::bigint[] is null or (select m.spender_id from credits_meter m where m.id =
             (select c.meter_id from credits_transfer c where c.id = t.reverses_id)) = any(%(spenders)s::bigint[]))
    order by t.id desc limit %(limit)s)
   order by id desc limit %(limit)s),
since_then as (
  select id, -amount_m as amount_m from credits_transfer
   where %(balances)s and debit_id = %(wallet)s and id < %(before)s and id >= (select min(id) from found)
  union all
  select id, amount_m from credits_transfer
   where %(balances)s and credit_id = %(wallet)s and meter_id is null and id < %(before)s
     and id >= (select min(id) from found)),
balances as (
  select id, coalesce(%(balance)s::bigint, (select balance_m from credits_account where id = %(wallet)s))
             - coalesce(sum(amount_m) over (order by id desc rows between unbounded preceding and 1 preceding), 0) as balance_m
    from since_then)
select f.id, f.amount_m, b.balance_m::bigint, f.reason, f.at, coalesce(c.block, f.block), coalesce(m.reference, f.reference),
       m.id is not null, n.text
  from found f left join balances b on b.id = f.id
  left join credits_transfer c on c.id = f.reverses_id
  left join credits_meter m on m.id = coalesce(f.meter_id, c.meter_id)
  left join credits_transfernote n on n.transfer_id = f.id
 order by f.id desc

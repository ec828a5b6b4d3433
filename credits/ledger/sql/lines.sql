-- A page of a wallet's lines, newest first, each with the balance after it (parameters: wallet, before, balance, reason, since,
-- until, spenders, limit, balances). `balance` is that after the newest line of the page; null: what is in the wallet now. The page is found
-- by two scans of an index that stop at the limit, only charges having a meter; the balance runs along over all lines from the newest
-- to the last of the page, or from the next tally (tallies.py), whichever is nearer. So a page costs the same however far it is.
-- Where `balances` is false nothing is added up, and no balance is told.
-- Between which ids the lines of a stretch of time are, the tallies tell as well.
with bounds as materialized (
  select case when %(since)s::timestamptz is null then 0
              else coalesce(min(k.after_id) filter (where k.last_at >= %(since)s), max(k.through_id), 0) end as low,
         case when %(until)s::timestamptz is null
                or exists (select from credits_transfer t where t.debit_id = %(wallet)s and t.at < %(until)s
                              and t.id > coalesce((select max(through_id) from credits_tally where wallet_id = %(wallet)s), 0))
                or exists (select from credits_transfer t where t.credit_id = %(wallet)s and t.meter_id is null and t.at < %(until)s
                              and t.id > coalesce((select max(through_id) from credits_tally where wallet_id = %(wallet)s), 0))
              then %(before)s
              else least(%(before)s, coalesce(max(k.through_id) filter (where k.first_at < %(until)s), 0) + 1) end as high
    from credits_tally k where k.wallet_id = %(wallet)s),
found as materialized (
  (select t.id, -t.amount_m as amount_m, t.reason, t.reference, t.meter_id, t.block, t.reverses_id, t.at
     from credits_transfer t
    where t.debit_id = %(wallet)s and t.id < (select high from bounds) and t.id > (select low from bounds) and (%(reason)s::text is null or t.reason = %(reason)s)
      and (%(reason)s::text is null or %(reason)s::text = 'charge' or t.meter_id is null)
      and (%(since)s::timestamptz is null or t.at >= %(since)s) and (%(until)s::timestamptz is null or t.at < %(until)s)
      and (%(spenders)s::bigint[] is null or (select m.spender_id from credits_meter m where m.id = coalesce(t.meter_id,
             (select c.meter_id from credits_transfer c where c.id = t.reverses_id))) = any(%(spenders)s::bigint[]))
    order by t.id desc limit %(limit)s)
  union all
  (select t.id, t.amount_m, t.reason, t.reference, t.meter_id, t.block, t.reverses_id, t.at
     from credits_transfer t
    where t.credit_id = %(wallet)s and t.meter_id is null and t.id < (select high from bounds) and t.id > (select low from bounds) and (%(reason)s::text is null or t.reason = %(reason)s)
      and (%(since)s::timestamptz is null or t.at >= %(since)s) and (%(until)s::timestamptz is null or t.at < %(until)s)
      and (%(spenders)s::bigint[] is null or (select m.spender_id from credits_meter m where m.id =
             (select c.meter_id from credits_transfer c where c.id = t.reverses_id)) = any(%(spenders)s::bigint[]))
    order by t.id desc limit %(limit)s)
   order by id desc limit %(limit)s),
tally as (
  select k.through_id, k.balance_m from credits_tally k
   where %(balances)s and k.wallet_id = %(wallet)s and k.through_id < %(before)s and k.through_id >= (select max(id) from found)
   order by k.through_id limit 1),
newest as (
  select coalesce((select through_id from tally), %(before)s - 1) as id,
         coalesce((select balance_m from tally), %(balance)s::bigint,
                  (select balance_m from credits_account where id = %(wallet)s)) as balance_m),
since_then as (
  select t.id, -t.amount_m as amount_m from credits_transfer t
   where %(balances)s and t.debit_id = %(wallet)s and t.id <= (select id from newest) and t.id >= (select min(id) from found)
  union all
  select t.id, t.amount_m from credits_transfer t
   where %(balances)s and t.credit_id = %(wallet)s and t.meter_id is null and t.id <= (select id from newest)
     and t.id >= (select min(id) from found)),
balances as (
  select id, (select balance_m from newest)
             - coalesce(sum(amount_m) over (order by id desc rows between unbounded preceding and 1 preceding), 0) as balance_m
    from since_then)
select f.id, f.amount_m, b.balance_m::bigint, f.reason, f.at, coalesce(c.block, f.block), coalesce(m.reference, f.reference),
       m.id is not null, n.text, m.spender_id
  from found f left join balances b on b.id = f.id
  left join credits_transfer c on c.id = f.reverses_id
  left join credits_meter m on m.id = coalesce(f.meter_id, c.meter_id)
  left join credits_transfernote n on n.transfer_id = f.id
 order by f.id desc

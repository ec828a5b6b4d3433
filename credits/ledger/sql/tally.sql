-- The next tally of a wallet (parameters: wallet, safe, lines_max, lines_min): of up to `lines_max` lines behind its last one, unless
-- they are fewer than `lines_min`. No line after `safe` is looked at: below it nothing can come any more (tallies.py).
-- What came in and what was used is told as in days.sql; what is left in each lot tells the walk, from the tally before.
with last as (
  select coalesce(max(k.through_id), 0) as id, coalesce((array_agg(k.balance_m order by k.through_id desc))[1], 0) as balance_m
    from credits_tally k where k.wallet_id = %(wallet)s),
ids as (
  (select t.id from credits_transfer t, last where t.debit_id = %(wallet)s and t.id > last.id and t.id <= %(safe)s
    order by t.id limit %(lines_max)s)
  union
  (select t.id from credits_transfer t, last where t.credit_id = %(wallet)s and t.meter_id is null and t.id > last.id
      and t.id <= %(safe)s order by t.id limit %(lines_max)s)
  union
  (select t.id from credits_account h join credits_transfer t on t.debit_id = h.id, last
    where h.wallet_id = %(wallet)s and h.kind = 'hold' and t.id > last.id and t.id <= %(safe)s order by t.id limit %(lines_max)s)
  order by id limit %(lines_max)s),
stretch as materialized (
  select last.id as after_id, last.balance_m, (select max(id) from ids) as through_id from last
   where (select count(*) from ids) >= %(lines_min)s),
lines as (
  select -t.amount_m as amount_m, t.meter_id, t.at
    from stretch s join credits_transfer t on t.debit_id = %(wallet)s and t.id > s.after_id and t.id <= s.through_id
  union all
  select t.amount_m, c.meter_id, t.at
    from stretch s join credits_transfer t on t.credit_id = %(wallet)s and t.meter_id is null and t.id > s.after_id and t.id <= s.through_id
    left join credits_transfer c on c.id = t.reverses_id),
sums as (
  select min(at) as first_at, max(at) as last_at, coalesce(sum(amount_m), 0) as moved_m,
         coalesce(sum(amount_m) filter (where meter_id is null and amount_m > 0), 0) as added_m,
         coalesce(-sum(amount_m) filter (where meter_id is not null or amount_m < 0), 0) as used_m
    from lines),
lots as (
  select coalesce(array_agg(w.id order by w.n), '{}') as ids, coalesce(array_agg(w.lot order by w.n), '{}') as kinds,
         coalesce(array_agg(w.expires_at order by w.n), '{}') as untils, coalesce(array_agg(w.amount_m order by w.n), '{}') as amounts,
         coalesce(array_agg(w.left_m order by w.n), '{}') as lefts
    from stretch s left join credits_tally_before(%(wallet)s, s.through_id) k on true
    cross join lateral credits_walk_on(%(wallet)s, false, k, s.through_id) with ordinality
      w(what, id, lot, expires_at, amount_m, left_m, n)
   where w.what = 'lot' and w.left_m > 0)
insert into credits_tally (wallet_id, after_id, through_id, first_at, last_at, added_m, used_m, balance_m,
                           lot_ids, lot_kinds, lot_untils, lot_amounts, lot_lefts)
select %(wallet)s, s.after_id, s.through_id, l.first_at, l.last_at, l.added_m, l.used_m, s.balance_m + l.moved_m,
       o.ids, o.kinds, o.untils, o.amounts, o.lefts
  from stretch s, sums l, lots o
on conflict do nothing

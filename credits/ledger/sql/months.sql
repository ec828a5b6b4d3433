-- What came into a wallet and what was used of it, by month (parameters: wallet, begins: when each month begins, the first one first),
-- as days.sql tells it. A tally of one month alone counts as a whole; one that two months share, and what came after the last,
-- is added up line by line. So it costs what a few tallies have lines, however many the wallet has.
with kept as materialized (
  select k.after_id, k.through_id, k.added_m, k.used_m, width_bucket(k.first_at, %(begins)s::timestamptz[]) as first,
         width_bucket(k.last_at, %(begins)s::timestamptz[]) as last
    from credits_tally k where k.wallet_id = %(wallet)s and k.last_at >= (%(begins)s::timestamptz[])[1]),
torn as materialized (
  select after_id, through_id from kept where first <> last
  union all
  select coalesce(max(through_id), 0), 9223372036854775807 from credits_tally where wallet_id = %(wallet)s),
lines as (
  select -l.amount_m as amount_m, l.meter_id, l.at from torn,
   lateral (select * from credits_transfer t where t.debit_id = %(wallet)s and t.id > torn.after_id and t.id <= torn.through_id offset 0) l
   where l.at >= (%(begins)s::timestamptz[])[1]
  union all
  select l.amount_m, c.meter_id, l.at from torn,
   lateral (select * from credits_transfer t where t.credit_id = %(wallet)s and t.meter_id is null and t.id > torn.after_id
                                               and t.id <= torn.through_id offset 0) l
    left join credits_transfer c on c.id = l.reverses_id
   where l.at >= (%(begins)s::timestamptz[])[1]),
sums as (
  select width_bucket(at, %(begins)s::timestamptz[]) as month,
         coalesce(sum(amount_m) filter (where meter_id is null and amount_m > 0), 0) as added_m,
         coalesce(-sum(amount_m) filter (where meter_id is not null or amount_m < 0), 0) as used_m
    from lines group by 1
  union all
  select first, added_m, used_m from kept where first = last)
select month, sum(added_m)::bigint, sum(used_m)::bigint from sums group by 1 order by 1 desc

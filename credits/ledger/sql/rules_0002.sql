-- Balances follow the transfers, as in rules_0001, with one look at the new rows instead of four: a sweep inserts 2,000.
-- Accounts are locked in id order first. A balance that somebody else moved while we waited for the lock is read anew by
-- the update, which adds to what it finds.
create or replace function credits_balances_follow() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  with moved as materialized (
    select account_id, sum(m)::bigint as moved_m
      from (select debit_id, -amount_m from fresh union all select credit_id, amount_m from fresh) x(account_id, m)
     group by 1 having sum(m) <> 0),
  locked as materialized (
    select a.id from credits_account a
     where a.id = any(array(select account_id from moved)) and a.balance_m is not null order by a.id for no key update)
  update credits_account a set balance_m = a.balance_m + moved.moved_m
    from moved where a.id = any(array(select id from locked)) and a.id = moved.account_id;
  return null;
end $$;

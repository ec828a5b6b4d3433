-- The rules of the ledger that the database itself enforces, whoever writes and how (L1 L2 L3 M6 P12).

-- Balances follow the transfers. `= any(array(..))` and not a join: the plan of a statement in a function is made once, and
-- a join planned for 10,000 rows would scan all accounts for one.
create function credits_balances_follow() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if (select count(*) from (select 1 from fresh limit 2) two) > 1 then        -- more than one row: lock in id order first
    perform 1 from credits_account
      where id = any(array(select debit_id from fresh union select credit_id from fresh)) and balance_m is not null
      order by id for no key update;
  end if;
  update credits_account a set balance_m = a.balance_m + s.moved_m
    from (select account_id, sum(m)::bigint as moved_m
            from (select debit_id, -amount_m from fresh union all select credit_id, amount_m from fresh) x(account_id, m)
           group by 1) s
   where a.id = any(array(select debit_id from fresh union select credit_id from fresh))
     and a.id = s.account_id and a.balance_m is not null and s.moved_m <> 0;
  return null;
end $$;
create trigger balances_follow after insert on credits_transfer referencing new table as fresh
  for each statement execute function credits_balances_follow();

create function credits_refuse() returns trigger language plpgsql as $$
begin
  raise exception '% on % is refused: %', tg_op, tg_table_name, tg_argv[0] using errcode = 'integrity_constraint_violation';
end $$;
create trigger immutable before update or delete or truncate on credits_transfer
  for each statement execute function credits_refuse('transfers are never changed or removed');
create trigger immutable before update or delete or truncate on credits_refund
  for each statement execute function credits_refuse('refunds are never changed or removed');
create trigger no_removal before delete or truncate on credits_account
  for each statement execute function credits_refuse('accounts are never removed');
create trigger no_removal before delete or truncate on credits_wallet
  for each statement execute function credits_refuse('wallets are never removed');
create trigger no_removal before delete or truncate on credits_hold
  for each statement execute function credits_refuse('holds are never removed');
create trigger starts_at_zero before insert on credits_account
  for each row when (new.balance_m <> 0) execute function credits_refuse('a balance begins at 0');
create trigger only_by_transfer before update on credits_account
  for each row when (pg_trigger_depth() = 0 and (old.balance_m is distinct from new.balance_m or old.kind <> new.kind
                     or old.wallet_id is distinct from new.wallet_id or old.id <> new.id))
  execute function credits_refuse('a balance moves only by a transfer');
create trigger same_owner before update on credits_wallet
  for each row when (old.account_id <> new.account_id or old.user_id is distinct from new.user_id
                     or old.organisation_id is distinct from new.organisation_id)
  execute function credits_refuse('a wallet keeps its owner');
create trigger same_hold before update on credits_hold
  for each row when (old.key <> new.key or old.wallet_id <> new.wallet_id or old.account_id <> new.account_id
                     or old.amount_m <> new.amount_m or new.left_m > old.left_m or (old.state <> 'open' and new.state <> old.state))
  execute function credits_refuse('a hold only shrinks, and what is closed stays closed');

create function credits_refund_fits() returns trigger language plpgsql as $$
declare charge credits_transfer;
begin
  select * into charge from credits_transfer where id = new.reverses_id;
  if charge.meter_id is null or new.amount_m > charge.amount_m or new.credit_id <> charge.debit_id then
    raise exception 'a refund gives back at most one charge, to the wallet that paid it' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger refund_fits before insert on credits_transfer
  for each row when (new.reverses_id is not null) execute function credits_refund_fits();

alter table credits_account set (fillfactor = 70);                 -- room for HOT updates: balance_m is in no index

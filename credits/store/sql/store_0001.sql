-- What the database itself enforces of purchases, whoever writes and how (S3 S4 S5 L7).

-- What a wallet owes: its debt account went below zero when credits were taken back that were spent already (S5).
create function credits_owed_m(wallet bigint) returns bigint language sql stable as $$
  select coalesce((select sum(t.amount_m) from credits_transfer t where t.debit_id = d.id), 0)::bigint
       - coalesce((select sum(t.amount_m) from credits_transfer t where t.credit_id = d.id and t.meter_id is null), 0)::bigint
    from credits_account d where d.wallet_id = wallet and d.kind = 'debt'
$$;

create trigger immutable before update or delete or truncate on credits_purchaseevent
  for each statement execute function credits_refuse('what happened is never changed or removed');
create trigger immutable before update or delete or truncate on credits_receipt
  for each statement execute function credits_refuse('receipts are never changed or removed');
create trigger immutable before update or delete or truncate on credits_voucherredemption
  for each statement execute function credits_refuse('redemptions are never changed or removed');
create trigger no_removal before delete or truncate on credits_purchase
  for each statement execute function credits_refuse('purchases are never removed');
create trigger no_removal before delete or truncate on credits_moneyrefund
  for each statement execute function credits_refuse('refunds of money are never removed');
create trigger no_removal before delete or truncate on credits_receiptyear
  for each statement execute function credits_refuse('numbers are never given again');

create trigger begins_open before insert on credits_purchase
  for each row when (new.state <> 'open' or new.transfer_id is not null or new.taken_back_m <> 0 or new.refunded_cents <> 0
                     or new.charged_back_cents <> 0 or new.receipted)
  execute function credits_refuse('a purchase begins open');
create trigger same_purchase before update on credits_purchase
  for each row when (old.id <> new.id or old.key <> new.key or old.buyer_id <> new.buyer_id or old.credits_m <> new.credits_m
                     or old.amount_cents <> new.amount_cents or old.currency <> new.currency or old.vat_bp <> new.vat_bp
                     or old.vat_at <> new.vat_at or old.provider <> new.provider or old.test <> new.test
                     or old.created_at <> new.created_at or (old.receipted and not new.receipted)
                     or (old.provider_ref is not null and old.provider_ref is distinct from new.provider_ref)
                     or (old.transfer_id is not null and old.transfer_id is distinct from new.transfer_id)
                     or (old.paid_at is not null and old.paid_at is distinct from new.paid_at)
                     or old.looks > new.looks or old.looked > new.looked or old.reversals > new.reversals)
  execute function credits_refuse('what was bought never changes, and what is paid stays paid');

-- The transfer of a purchase is its own: this key, this amount, into this wallet, as a paid lot.
create function credits_purchase_credited() returns trigger language plpgsql as $$
begin
  if not exists (select from credits_transfer t where t.id = new.transfer_id and t.key = 'purchase:' || new.id and t.lot = 'paid'
                    and t.amount_m = new.credits_m and t.credit_id = new.wallet_id) then
    raise exception 'this transfer is not that of the purchase' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger credited before update on credits_purchase
  for each row when (old.transfer_id is null and new.transfer_id is not null) execute function credits_purchase_credited();

-- Money back: of a paid purchase, and with all that went back before never more than came in. The purchase is locked by who asks.
create function credits_money_refund_fits() returns trigger language plpgsql as $$
declare bought credits_purchase; before_m bigint; before_cents bigint;
begin
  select * into bought from credits_purchase where id = new.purchase_id;
  select coalesce(sum(credits_m), 0), coalesce(sum(amount_cents), 0) into before_m, before_cents
    from credits_moneyrefund where purchase_id = new.purchase_id and state <> 'failed';
  if bought.state <> 'paid' or before_m + bought.taken_back_m + new.credits_m > bought.credits_m
     or before_cents + new.amount_cents > bought.amount_cents then
    raise exception 'more would go back than came in' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger fits before insert on credits_moneyrefund for each row execute function credits_money_refund_fits();
create trigger same_refund before update on credits_moneyrefund
  for each row when (old.id <> new.id or old.key <> new.key or old.purchase_id <> new.purchase_id or old.credits_m <> new.credits_m
                     or old.amount_cents <> new.amount_cents or (old.state in ('done', 'failed') and new.state <> old.state))
  execute function credits_refuse('a refund of money keeps its amount, and what has ended stays so');

create function credits_receipt_follows() returns trigger language plpgsql as $$
begin
  if new.number <> 1 + coalesce((select max(number) from credits_receipt where year = new.year), 0) then
    raise exception 'receipts are numbered without gaps' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger follows before insert on credits_receipt for each row execute function credits_receipt_follows();

create trigger same_voucher before update on credits_voucher
  for each row when (old.digest <> new.digest or old.credits_m <> new.credits_m or old.uses > new.uses)
  execute function credits_refuse('a voucher keeps its code and its credits');
create trigger no_removal before delete or truncate on credits_voucher
  for each statement execute function credits_refuse('vouchers are never removed');

-- What stands on a receipt stays as it was issued; erasure empties who bought it, and nothing else (S4 P10).

create trigger no_removal before delete or truncate on credits_receiptwords
  for each statement execute function credits_refuse('what stands on receipts is never removed');
create trigger as_issued before update on credits_receiptwords
  for each row when (old.receipt_id <> new.receipt_id or old.language <> new.language or old.seller_name <> new.seller_name
                     or old.seller_address <> new.seller_address or old.seller_vat_number <> new.seller_vat_number
                     or old.seller_registration <> new.seller_registration or old.buyer_company <> new.buyer_company)
  execute function credits_refuse('what stands on a receipt never changes');

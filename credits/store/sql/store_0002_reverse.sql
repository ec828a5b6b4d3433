drop trigger if exists as_issued on credits_receiptwords;
drop trigger if exists no_removal on credits_receiptwords;

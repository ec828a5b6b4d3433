-- Rights of the role under which the hub runs, when the owner of the tables is another one (docs/operations.md): what the
-- triggers refuse anyway it may not even try. SELECT .. FOR NO KEY UPDATE needs UPDATE on a column, hence those of accounts.
revoke all on credits_account, credits_wallet, credits_transfer, credits_transfernote, credits_hold, credits_refund,
  credits_departmentprice, credits_meter, credits_meterevent, credits_unmeteredblock, credits_hubclock, credits_outage,
  credits_allowance, credits_limitrequest from {role};
grant select, insert on credits_account, credits_wallet, credits_transfer, credits_transfernote, credits_hold, credits_refund,
  credits_departmentprice, credits_meter, credits_meterevent, credits_unmeteredblock, credits_outage, credits_allowance,
  credits_limitrequest to {role};
grant select on credits_hubclock to {role};
grant update on credits_meter, credits_hold, credits_departmentprice, credits_hubclock, credits_transfernote, credits_limitrequest
  to {role};
grant update (limit_m, extra_m, used_m, since, until) on credits_allowance to {role};
grant update (kind) on credits_account to {role};
grant delete on credits_departmentprice to {role};
revoke all on credits_package, credits_organisationprice, credits_purchase, credits_purchaseevent, credits_paymentnotice, credits_moneyrefund,
  credits_receipt, credits_receiptyear, credits_voucher, credits_voucherredemption, credits_autotopup, credits_bankline, credits_sandboxpayment, credits_sandboxmandate, credits_sandboxrefund, credits_sandboxnotice from {role};
grant select, insert on credits_package, credits_organisationprice, credits_purchase, credits_purchaseevent, credits_paymentnotice, credits_moneyrefund,
  credits_receipt, credits_receiptyear, credits_voucher, credits_voucherredemption, credits_autotopup, credits_bankline, credits_sandboxpayment, credits_sandboxmandate, credits_sandboxrefund, credits_sandboxnotice to {role};
grant update on credits_package, credits_organisationprice, credits_purchase, credits_paymentnotice, credits_moneyrefund,
  credits_receiptyear, credits_voucher, credits_autotopup, credits_bankline, credits_sandboxpayment, credits_sandboxmandate, credits_sandboxrefund, credits_sandboxnotice to {role};
grant delete on credits_package, credits_organisationprice, credits_paymentnotice to {role};
revoke all on credits_approval, credits_moneyrequest, credits_receiptwords, credits_mandatetorevoke, credits_creditsstanding, credits_tally
  from {role};
grant select, insert on credits_approval, credits_moneyrequest, credits_receiptwords, credits_mandatetorevoke, credits_creditsstanding,
  credits_tally to {role};
grant update on credits_approval, credits_moneyrequest, credits_mandatetorevoke, credits_creditsstanding to {role};
grant update (buyer_name, buyer_address) on credits_receiptwords to {role};
grant delete on credits_mandatetorevoke to {role};

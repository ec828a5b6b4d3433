-- Gives these charges back in full (parameters: ids, refunds, reason, actor, reference, now).
insert into credits_transfer (key, debit_id, credit_id, amount_m, reason, actor, reference, reverses_id, at)
select %(reason)s || ':' || t.id, %(refunds)s, t.debit_id, t.amount_m, %(reason)s, %(actor)s, %(reference)s, t.id, %(now)s
  from credits_transfer t where t.id = any(%(ids)s)

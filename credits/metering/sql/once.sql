-- One charge of a fixed price, at once (parameters: wallet, house, reference, spender, price, allowance, unmetered, actor, now): a
-- meter that ran for one second and has ended. So the audit, refunds, limits and the lines of a wallet know nothing new.
with clock as (select hub_s from credits_hubclock),
made as (
  insert into credits_meter (wallet_id, house_id, reference, spender_id, price_m, block_s, free_s, min_blocks, allowance_id,
                             unmetered, switches, state, reason, ran_s, blocks_charged, charged_m, opened_at)
  values (%(wallet)s, %(house)s, %(reference)s, %(spender)s, %(price)s, 1, 0, 1, %(allowance)s, %(unmetered)s, '{}', 'ended', 'once',
          1, 1, case when %(unmetered)s then 0 else %(price)s end, %(now)s)
  returning id),
told as (
  insert into credits_meterevent (meter_id, kind, at_s, reason, actor, at)
  select made.id, e.kind, clock.hub_s - e.before_s, e.reason, %(actor)s, %(now)s
    from made, clock, (values (1, 'opened', 1, case when %(unmetered)s then 'vip' else '' end), (2, 'started', 1, ''),
                              (3, 'ended', 0, 'once')) e(n, kind, before_s, reason) order by e.n),
paid as (
  insert into credits_transfer (debit_id, credit_id, amount_m, reason, actor, meter_id, block, at)
  select %(wallet)s, %(house)s, %(price)s, 'charge', %(actor)s, id, 1, %(now)s from made where not %(unmetered)s),
recorded as (
  insert into credits_unmeteredblock (meter_id, block, amount_m, list_price_m, at)
  select id, 1, 0, %(price)s, %(now)s from made where %(unmetered)s)
select id from made

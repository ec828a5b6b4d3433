-- A meter, ready; its terms are copied here and never change (M1).
with made as (
  insert into credits_meter (wallet_id, house_id, reference, spender_id, price_m, block_s, free_s, min_blocks,
                             most_to_spend_m, allowance_id, unmetered, switches, state, opened_at)
  values (%(wallet)s, %(house)s, %(reference)s, %(spender)s, %(price)s, %(block)s, %(free)s, %(minimum)s, %(most)s, %(allowance)s,
          %(unmetered)s, '{}', 'ready', %(now)s) returning id)
insert into credits_meterevent (meter_id, kind, at_s, reason, actor, at)
select id, 'opened', hub_s, case when %(unmetered)s then 'vip' else '' end, %(actor)s, %(now)s from made, credits_hubclock
returning meter_id

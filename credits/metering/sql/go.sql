-- Lets the clocks of these meters go from now (parameters: ids, kind, reason, actor, now). Their rows are locked.
with c as (select hub_s from credits_hubclock),
went as (
  update credits_meter m
     set state = case when blocks_charged = 0 and ran_s < free_s + gift_s then 'free' else 'running' end, reason = '',
         clock_from_s = c.hub_s, grace_until_s = null,
         next_charge_s = c.hub_s + credits_block_begins(blocks_charged, block_s, free_s + gift_s, min_blocks) - ran_s
    from c where id = any(%(ids)s) returning m.id, c.hub_s)
insert into credits_meterevent (meter_id, kind, at_s, reason, actor, at)
select id, %(kind)s, hub_s, %(reason)s, %(actor)s, %(now)s from went

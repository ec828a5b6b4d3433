-- Adds free time or a longer grace and says who gave it (parameters: id, kind, gift, grace, blocks, reason, actor, now).
with c as (select hub_s from credits_hubclock),
given as (
  update credits_meter m
     set gift_s = gift_s + %(gift)s, grace_until_s = grace_until_s + %(grace)s,
         state = case when m.state = 'running' and blocks_charged = 0
                       and ran_s + c.hub_s - clock_from_s < free_s + gift_s + %(gift)s then 'free' else m.state end,
         next_charge_s = case when m.clock_from_s is not null then next_charge_s + %(gift)s
                              when ran_s > credits_block_begins(blocks_charged, block_s, free_s + gift_s + %(gift)s, min_blocks)
                              then next_charge_s end
    from c where m.id = %(id)s returning m.id, c.hub_s)
insert into credits_meterevent (meter_id, kind, at_s, gift_s, grace_s, blocks, reason, actor, at)
select id, %(kind)s, hub_s, %(gift)s, %(grace)s, %(blocks)s, %(reason)s, %(actor)s, %(now)s from given

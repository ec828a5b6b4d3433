-- VIP on or off (parameters: id, actor, now): the running time of the switch is kept, see credits_unmetered_at.
with c as (select hub_s from credits_hubclock),
switched as (
  update credits_meter m set unmetered = not unmetered,
         switches = case when m.state = 'ready' then m.switches
                         else m.switches || (m.ran_s + coalesce(c.hub_s - m.clock_from_s, 0)) end
    from c where id = %(id)s returning m.id, c.hub_s, m.unmetered)
insert into credits_meterevent (meter_id, kind, at_s, actor, at)
select id, case when unmetered then 'vip_on' else 'vip_off' end, hub_s, %(actor)s, %(now)s from switched

-- Stops a meter's clock and says why (parameters: id, state, reason, since, actor, now). Its row is locked.
--
-- `back_s` is what ran after the last sign of life (since); it never reaches beyond the moment at which the clock last went.
-- What has begun within the rest and is not charged yet stays due: next_charge_s keeps it until the sweep has been there.
with c as (select hub_s, credits_hub_at(%(since)s::timestamptz) as since_s from credits_hubclock),
was as (
  select m.id, c.hub_s, m.ran_s + coalesce(c.hub_s - m.clock_from_s, 0) as elapsed_s,
         greatest(0, c.hub_s - greatest(c.since_s, m.clock_from_s)) * (m.clock_from_s is not null and c.since_s is not null)::int as back_s
    from credits_meter m, c where m.id = %(id)s),
stopped as (
  update credits_meter m
     set state = %(state)s, reason = %(reason)s, ran_s = was.elapsed_s - was.back_s, clock_from_s = null, warn_s = null,
         low_minutes = null, grace_until_s = null, switches = credits_switches_upto(switches, was.elapsed_s - was.back_s),
         next_charge_s = case when was.elapsed_s - was.back_s > credits_block_begins(blocks_charged, block_s, free_s + gift_s, min_blocks)
                              then next_charge_s end
    from was where m.id = was.id)
insert into credits_meterevent (meter_id, kind, at_s, back_s, reason, actor, at)
select id, %(state)s, hub_s, back_s, %(reason)s, %(actor)s, %(now)s from was

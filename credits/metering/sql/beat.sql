-- Moves the hub's clock to this wall time (parameters: wall, gap_s_max); answers the hub second, and whether the hub was
-- down. A gap longer than gap_s_max is an outage: hub time stands still, the seconds are lost and noted. A wall clock that
-- steps back moves nothing.
with was as (
  select hub_s, lost_s, floor(extract(epoch from %(wall)s::timestamptz))::bigint - hub_s - lost_s as gap_s
    from credits_hubclock for update),
moved as (
  update credits_hubclock c
     set hub_s  = c.hub_s  + case when gap_s <= %(gap_s_max)s then gap_s else 0 end,
         lost_s = c.lost_s + case when gap_s <= %(gap_s_max)s then 0 else gap_s end
    from was where gap_s > 0
  returning c.hub_s),
noted as (
  insert into credits_outage (from_s, to_s)
  select hub_s + lost_s, hub_s + lost_s + gap_s from was where gap_s > %(gap_s_max)s)
select coalesce((select hub_s from moved), (select hub_s from was)), (select gap_s > %(gap_s_max)s from was)

-- The newest charges that have begun to be used and were not given back yet (parameters: meter, blocks).
select t.id from credits_transfer t join credits_meter m on m.id = t.meter_id cross join credits_hubclock c
 where t.meter_id = %(meter)s and not exists (select from credits_transfer r where r.reverses_id = t.id)
   and t.block <= credits_blocks_begun(m.ran_s + coalesce(c.hub_s - m.clock_from_s, 0), m.block_s, m.free_s + m.gift_s, m.min_blocks)
 order by t.block desc limit %(blocks)s

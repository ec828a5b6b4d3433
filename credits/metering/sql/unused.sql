-- As many charges as there are unused blocks, the newest that were not given back yet (parameter: meter). A waived block
-- that turns out to be unused is thus given back by another one: who was promised both gets both.
with m as (
  select id, credits_blocks_begun(ran_s, block_s, free_s + gift_s, min_blocks) as used from credits_meter where id = %(meter)s),
charge as (
  select t.id, t.block, t.debit_id, t.amount_m, r.id is not null as given_back, t.block > m.used as unused
    from credits_transfer t join m on t.meter_id = m.id left join credits_transfer r on r.reverses_id = t.id)
select id, debit_id, amount_m from charge where not given_back
 order by block desc limit (select count(*) from charge where unused)

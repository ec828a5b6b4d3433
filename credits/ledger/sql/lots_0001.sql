-- which lots (paid, granted, expiring) are left in a wallet, derived from its transfers alone (rule L7).
--
-- Shows:  the sweep needs to know nothing of lots. "The soonest to expire and the granted first" is a queue with
--         priorities, and for such a queue what is left in the first k classes is a reflected walk:
--             left(first k) = net_k(now) - least(0, lowest net_k so far),    net_k = supply of classes 1..k - all demand
--         so each class is one running minimum, and a class's own rest is left(first k) - left(first k-1). Within a
--         class it is first in, first out, so the rest lies in the newest lots: one suffix sum.
--         Demand between two supplies is added up first, so the cost is lines + classes x supplies.
-- A hold is no use of credits: wallet and hold account are one pot, capture is the use. So held credits never
--         change lots, and void gives back exactly what was reserved.
-- Expiry is a transfer wallet -> expired, posted in the order of expires_at by credits_expire_lots(); it may be late.
-- A refund of a charge enters as granted without expiry, so that no gift can be turned into money; credits_line_shares()
--         says how much of each charge was paid credits, for whoever wants to give that part back as paid.

create function credits_pot_lines(wallet bigint) returns table (id bigint, supply_m bigint, demand_m bigint, lot text, expires_at timestamptz)
language sql stable as $$
  with pot as (select array_agg(a.id) as ids from credits_account a where a.id = wallet or (a.wallet_id = wallet and a.kind = 'hold'))
  select t.id, t.amount_m, 0::bigint, coalesce(t.lot, 'granted'), t.expires_at from credits_transfer t, pot
   where t.credit_id = wallet and t.meter_id is null and t.debit_id <> all(pot.ids)
  union all
  select t.id, 0, t.amount_m, null, null from credits_transfer t, pot
   where t.debit_id = any(pot.ids) and t.credit_id <> all(pot.ids)
$$;

create function credits_wallet_lots(wallet bigint) returns table (lot_id bigint, lot text, expires_at timestamptz, amount_m bigint, left_m bigint)
language sql stable as $$
  with lines as materialized (
    select l.*, count(*) filter (where supply_m > 0) over (order by id) as segment from credits_pot_lines(wallet) l),
  segments as materialized (      -- a supply and the demand that follows it, up to the next supply
    select segment, sum(sum(demand_m)) over (order by segment) as demand_m from lines group by segment),
  lots as materialized (
    select l.id, l.lot, l.expires_at, l.supply_m, l.segment,
           dense_rank() over (order by l.expires_at nulls last, l.lot) as class from lines l where supply_m > 0),   -- 'granted' < 'paid'
  walk as (
    select k.class, s.segment, s.demand_m, coalesce(sum(o.supply_m) over (partition by k.class order by s.segment), 0) - s.demand_m as net_m
      from (select distinct class from lots) k cross join segments s
      left join lots o on o.segment = s.segment and o.class <= k.class),
  lefts as (
    select class, (array_agg(net_m order by segment desc))[1] - least(0, min(net_m)) as upto_m from walk group by class),
  classes as (
    select class, upto_m - lag(upto_m, 1, 0) over (order by class) as left_m from lefts)
  select o.id, o.lot, o.expires_at, o.supply_m,
         least(o.supply_m, greatest(0, c.left_m - coalesce(sum(o.supply_m) over (partition by class order by o.id desc rows between unbounded preceding and 1 preceding), 0)))::bigint
    from lots o join classes c using (class) order by class, o.id
$$;

-- Of each use of credits: how much of it was paid credits. The overflow over all granted supply is a running maximum.
create function credits_line_shares(wallet bigint) returns table (transfer_id bigint, amount_m bigint, paid_m bigint) language sql stable as $$
  with l as (select id, demand_m, sum(demand_m) over w - sum(case when lot = 'granted' then supply_m else 0 end) over w as over_m
               from credits_pot_lines(wallet) window w as (order by id)),
  m as (select id, demand_m, greatest(0, max(over_m) over (order by id)) as most_m from l)
  select id, demand_m, (most_m - lag(most_m, 1, 0) over (order by id))::bigint from m where true
$$;

-- Post the expiry of what is left in lots over their time; never what is held. Answers what expired. Repeatable.
create function credits_expire_lots(wallet bigint, expired_account bigint, now_at timestamptz) returns bigint language plpgsql as $$
declare o record; there bigint; total bigint := 0;
begin
  select balance_m into there from credits_account where id = wallet for no key update;
  for o in select * from credits_wallet_lots(wallet) w where w.expires_at <= now_at and w.left_m > 0 loop
    exit when there = 0;
    insert into credits_transfer (key, debit_id, credit_id, amount_m, reason, actor, reference, at)
    values ('expire:' || o.lot_id || ':' || o.left_m, wallet, expired_account, least(o.left_m, there), 'expire', 'clock', o.lot_id::text, now_at);
    total := total + least(o.left_m, there);
    there := there - least(o.left_m, there);
  end loop;
  return total;
end $$;

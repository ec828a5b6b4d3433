-- What members of organisations may spend in a month (P4, M4): arithmetic, and what the database itself enforces.

-- The calendar month in which a moment lies, in this time zone.
create function credits_month_since(moment timestamptz, zone text) returns timestamptz language sql stable
  return date_trunc('month', moment at time zone zone) at time zone zone;
create function credits_month_until(moment timestamptz, zone text) returns timestamptz language sql stable
  return (date_trunc('month', moment at time zone zone) + interval '1 month') at time zone zone;

-- What a member may still spend at a moment; null: no limit. Who was given a lower limit than what is used has nothing left.
create function credits_room_m(limit_m bigint, extra_m bigint, used_m bigint, until timestamptz, moment timestamptz)
returns bigint language sql immutable
  return case when limit_m is null then null when moment >= until then limit_m else greatest(0, limit_m + extra_m - used_m) end;

-- When a member's limit is reached (hub seconds): as credits_purse_lasts_s; null where the month ends before it is.
create function credits_limit_lasts_s(room_m bigint, price_m bigint, block_s int, need_blocks int, next_charge_s bigint,
                                      meters bigint, soon_m numeric, offset_m numeric, per_s numeric, hub_s bigint,
                                      month_ends_s bigint)
returns bigint language sql immutable
  return case when credits_purse_lasts_s(room_m, price_m, block_s, need_blocks, next_charge_s, meters, soon_m, offset_m, per_s, hub_s)
                   < month_ends_s
              then credits_purse_lasts_s(room_m, price_m, block_s, need_blocks, next_charge_s, meters, soon_m, offset_m, per_s, hub_s)
         end;

-- For the sweep, as credits_left_after, where members with limits share a purse. What is left: [1] in the purse, [2] says of the
-- last item 0 paid, 1 the purse refused, 2 the limit, 3 it may not be paid at all; [2 + member] what that member has left.
create function credits_pay_within_limits(state bigint[], purse_m bigint, member int, room_m bigint, amount_m bigint)
returns bigint[] language plpgsql immutable as $$
declare left_m bigint;
begin
  if state is null then state := array[purse_m, 0]; end if;
  left_m := coalesce(state[2 + member], room_m);          -- null: this one has no limit
  if amount_m is null then state[2] := 3;
  elsif amount_m > state[1] then state[2] := 1;
  elsif amount_m > left_m then state[2] := 2;
  else
    state[1] := state[1] - amount_m;
    state[2] := 0;
    if left_m is not null then state[2 + member] := left_m - amount_m; end if;
  end if;
  return state;
end $$;
create aggregate credits_left_within_limits(purse_m bigint, member int, room_m bigint, amount_m bigint)
  (sfunc = credits_pay_within_limits, stype = bigint[]);

-- What members used follows the transfers, as balances do. A charge after the month's end begins the next month; a refund counts
-- in the month of its charge, and for nothing when that is over.
create function credits_used_follows() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  with spent as materialized (
    select m.allowance_id, sum(f.amount_m)::bigint as amount_m, max(f.at) as at
      from fresh f join credits_meter m on m.id = f.meter_id where m.allowance_id is not null group by 1),
  locked as materialized (
    select a.id from credits_allowance a
     where a.id = any(array(select allowance_id from spent)) order by a.id for no key update)
  update credits_allowance a
     set used_m = case when s.at >= a.until then s.amount_m when s.at >= a.since then a.used_m + s.amount_m else a.used_m end,
         extra_m = case when s.at >= a.until then 0 else a.extra_m end,
         since = case when s.at >= a.until then credits_month_since(s.at, a.time_zone) else a.since end,
         until = case when s.at >= a.until then credits_month_until(s.at, a.time_zone) else a.until end
    from spent s where a.id = any(array(select id from locked)) and a.id = s.allowance_id;
  if exists (select from fresh where reverses_id is not null) then
    perform 1 from credits_allowance
      where id = any(array(select m.allowance_id from fresh f join credits_transfer c on c.id = f.reverses_id
                             join credits_meter m on m.id = c.meter_id where m.allowance_id is not null))
      order by id for no key update;
    update credits_allowance a set used_m = a.used_m - b.amount_m
      from (select x.id, sum(f.amount_m)::bigint as amount_m
              from fresh f join credits_transfer c on c.id = f.reverses_id join credits_meter m on m.id = c.meter_id
              join credits_allowance x on x.id = m.allowance_id
             where c.at >= x.since and c.at < x.until group by 1) b
     where a.id = b.id;
  end if;
  return null;
end $$;
-- After "balances_follow", which triggers of one event are in the order of their names: accounts are locked before allowances.
create trigger used_follows after insert on credits_transfer referencing new table as fresh
  for each statement execute function credits_used_follows();

create function credits_beyond_limit() returns trigger language plpgsql as $$
begin
  raise exception 'a member spends no more than the limit of the month'
    using errcode = 'check_violation', constraint = 'credits_allowance_within_limit', table = 'credits_allowance';
end $$;
create trigger within_limit before update on credits_allowance for each row
  when (new.used_m > new.limit_m + new.extra_m and (new.used_m > old.used_m or new.since <> old.since))
  execute function credits_beyond_limit();
create trigger only_by_charges before update on credits_allowance for each row
  when (pg_trigger_depth() = 0 and old.used_m <> new.used_m and not (new.used_m = 0 and new.since > old.since))
  execute function credits_refuse('what a member used moves only by charges and refunds');
create trigger same_member before update on credits_allowance for each row
  when (old.id <> new.id or old.wallet_id <> new.wallet_id or old.user_id <> new.user_id or new.since < old.since)
  execute function credits_refuse('an allowance keeps its member, and months do not come back');
create trigger starts_unused before insert on credits_allowance for each row
  when (new.used_m <> 0) execute function credits_refuse('an allowance begins unused');
create trigger no_removal before delete or truncate on credits_allowance
  for each statement execute function credits_refuse('allowances are never removed');

drop trigger copied_when_opened on credits_meter;
create trigger copied_when_opened before update on credits_meter for each row
  when (old.id <> new.id or old.price_m <> new.price_m or old.block_s <> new.block_s or old.free_s <> new.free_s
        or old.min_blocks <> new.min_blocks or old.wallet_id <> new.wallet_id or old.house_id <> new.house_id
        or old.allowance_id is distinct from new.allowance_id
        or old.reference <> new.reference or new.blocks_charged < old.blocks_charged or new.charged_m < old.charged_m
        or new.refunded_m < old.refunded_m or new.gift_s < old.gift_s or (old.state = 'ended' and new.state <> 'ended'))
  execute function credits_refuse('terms are copied, counts only grow, ended is the end');

drop function credits_cap_name(bigint, bigint);

alter table credits_allowance set (fillfactor = 70);               -- room for HOT updates: used_m is in no index

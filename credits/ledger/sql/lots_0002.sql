-- Lots (L7), as in lots_0001, and now what is given back returns to the very lots it came from, and a purchase that is paid back
-- takes its own lot. That depends on what happened before, line by line, so it is a walk and no longer a sum; but plain uses
-- between two other lines are one step, so the walk is as long as there are supplies, refunds and refunded charges.
--
-- A line is one of: in (a new lot), use, back (of a charge: `target` is the charge). A use may aim at a lot: what expires at its own,
-- a purchase that is taken back at that of the purchase (their lot's key is what the line refers to). What an aimed use does not
-- find there it takes from paid lots, then as any other use. A refund of a part undoes the last part of the charge first: as if
-- the charge had been so much smaller.
-- A lot that has expired takes back what returns to it, and that expires at the next look.

create function credits_walk(wallet bigint, each_use boolean)
returns table (what text, id bigint, lot text, expires_at timestamptz, amount_m bigint, left_m bigint) language plpgsql stable as $$
declare
  ids bigint[] := '{}'; lots text[] := '{}'; untils timestamptz[] := '{}'; amounts bigint[] := '{}'; lefts bigint[] := '{}';
  n int := 0; head int := 1;                                        -- nothing is left before `head`
  of_use bigint[] := '{}'; of_lot bigint[] := '{}'; of_m bigint[] := '{}'; parts int := 0;   -- where refunded charges took from
  pot bigint[]; line record; want_m bigint; part_m bigint; paid_m bigint; i int; j int; at_end int;
begin
  select array_agg(a.id) into pot from credits_account a where a.id = wallet or (a.wallet_id = wallet and a.kind = 'hold');
  for line in
    with supply as materialized (
      select t.id, t.amount_m, coalesce(t.lot, 'granted') as lot, t.expires_at, t.reverses_id from credits_transfer t
       where t.credit_id = wallet and t.meter_id is null and t.debit_id <> all(pot)),
    demand as materialized (
      select t.id, t.amount_m, t.reason in ('expire', 'taken_back') as aims, t.reason, t.reference,
             each_use or t.id in (select s.reverses_id from supply s where s.reverses_id is not null) as alone
        from credits_transfer t where t.debit_id = any(pot) and t.credit_id <> all(pot)),
    lines as (
      select s.id, case when s.reverses_id is null then 'in' else 'back' end as kind, s.amount_m, s.lot, s.expires_at,
             s.reverses_id as target, true as alone from supply s
      union all
      select d.id, 'use', d.amount_m, null, null,
             case when d.reason = 'expire' then d.reference::bigint
                  when d.aims then coalesce((select o.id from credits_transfer o where o.key = d.reference), 0) end,
             d.alone or d.aims from demand d),
    steps as (
      select l.*, count(*) filter (where l.alone) over (order by l.id) as step from lines l)
    select min(s.id) as id, case when bool_or(s.alone) then 'alone' else 'together' end as how, s.kind, sum(s.amount_m)::bigint as amount_m,
           min(s.lot) as lot, min(s.expires_at) as expires_at, min(s.target) as target
      from steps s group by s.step, s.alone, s.kind order by min(s.id)
  loop
    want_m := line.amount_m;
    paid_m := 0;
    if line.kind = 'back' then
      for j in reverse parts .. 1 loop
        exit when want_m = 0;
        continue when of_use[j] <> line.target or of_m[j] = 0;
        part_m := least(of_m[j], want_m);
        i := array_position(ids, of_lot[j]);
        lefts[i] := lefts[i] + part_m;
        head := least(head, i);
        of_m[j] := of_m[j] - part_m;
        want_m := want_m - part_m;
      end loop;
    elsif line.kind = 'use' then
      if line.target is not null then
        i := array_position(ids, line.target);
        if i is not null then
          part_m := least(lefts[i], want_m);
          lefts[i] := lefts[i] - part_m;
          want_m := want_m - part_m;
          paid_m := paid_m + case when lots[i] = 'paid' then part_m else 0 end;
        end if;
        for i in 1 .. n loop
          exit when want_m = 0;
          continue when lots[i] <> 'paid' or lefts[i] = 0;
          part_m := least(lefts[i], want_m);
          lefts[i] := lefts[i] - part_m;
          want_m := want_m - part_m;
          paid_m := paid_m + part_m;
        end loop;
      end if;
      while want_m > 0 and head <= n loop
        part_m := least(lefts[head], want_m);
        lefts[head] := lefts[head] - part_m;
        want_m := want_m - part_m;
        paid_m := paid_m + case when lots[head] = 'paid' then part_m else 0 end;
        if line.how = 'alone' and part_m > 0 then
          parts := parts + 1;
          of_use[parts] := line.id; of_lot[parts] := ids[head]; of_m[parts] := part_m;
        end if;
        if lefts[head] = 0 then head := head + 1; end if;
      end loop;
      if each_use then
        what := 'use'; id := line.id; lot := null; expires_at := null; amount_m := line.amount_m; left_m := paid_m;
        return next;
      end if;
      want_m := 0;
    end if;
    if want_m > 0 then                  -- a new lot; or given back of a charge that this wallet never saw
      i := n;
      while i > 0 and (untils[i] > line.expires_at or (untils[i] is null and line.expires_at is not null)
                       or (untils[i] is not distinct from line.expires_at and lots[i] > line.lot)) loop
        i := i - 1;
      end loop;
      at_end := n;
      ids := ids[1:i] || line.id || ids[i + 1:at_end];
      lots := lots[1:i] || line.lot || lots[i + 1:at_end];
      untils := untils[1:i] || line.expires_at || untils[i + 1:at_end];
      amounts := amounts[1:i] || want_m || amounts[i + 1:at_end];
      lefts := lefts[1:i] || want_m || lefts[i + 1:at_end];
      n := n + 1;
      head := least(head, i + 1);
    end if;
  end loop;
  for i in 1 .. n loop
    what := 'lot'; id := ids[i]; lot := lots[i]; expires_at := untils[i]; amount_m := amounts[i]; left_m := lefts[i];
    return next;
  end loop;
end $$;

create or replace function credits_wallet_lots(wallet bigint) returns table (lot_id bigint, lot text, expires_at timestamptz, amount_m bigint, left_m bigint)
language sql stable as $$
  select w.id, w.lot, w.expires_at, w.amount_m, w.left_m from credits_walk(wallet, false) w where w.what = 'lot'
$$;

-- Of each use of credits: how much of it was paid credits.
create or replace function credits_line_shares(wallet bigint) returns table (transfer_id bigint, amount_m bigint, paid_m bigint) language sql stable as $$
  select w.id, w.amount_m, w.left_m from credits_walk(wallet, true) w where w.what = 'use'
$$;

-- Post the expiry of what is left in lots over their time; never what is held. Answers what expired. Repeatable: what returned to a
-- lot after it had expired expires once more.
create or replace function credits_expire_lots(wallet bigint, expired_account bigint, now_at timestamptz) returns bigint language plpgsql as $$
declare o record; there bigint; total bigint := 0; times bigint;
begin
  select balance_m into there from credits_account where id = wallet for no key update;
  for o in select * from credits_wallet_lots(wallet) w where w.expires_at <= now_at and w.left_m > 0 loop
    exit when there = 0;
    select count(*) into times from credits_transfer t where t.debit_id = wallet and t.reason = 'expire' and t.reference = o.lot_id::text;
    insert into credits_transfer (key, debit_id, credit_id, amount_m, reason, actor, reference, at)
    values ('expired:' || o.lot_id || ':' || times, wallet, expired_account, least(o.left_m, there), 'expire', 'clock', o.lot_id::text, now_at);
    total := total + least(o.left_m, there);
    there := there - least(o.left_m, there);
  end loop;
  return total;
end $$;

drop function credits_pot_lines(bigint);

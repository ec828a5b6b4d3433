-- Lots (L7), as in lots_0002, and now the walk may begin at a tally (models/ledger.py): what was left in each lot behind one line of
-- the wallet, so that nobody walks along a hundred thousand lines again. A tally does not know what each old charge took from which
-- lot: where a charge before it was given back after it, the walk begins at an older one.

-- The youngest tally of a wallet from which lines up to `through` (null: all) can be walked; no row: from the first line.
create function credits_tally_before(wallet bigint, through bigint) returns setof credits_tally language sql stable as $$
  select k.* from credits_tally k
   where k.wallet_id = wallet and (through is null or k.through_id <= through)
     and not exists (select from credits_transfer b
                      where b.credit_id = wallet and b.meter_id is null and b.id > k.through_id and (through is null or b.id <= through)
                        and b.reverses_id <= k.through_id)
   order by k.through_id desc limit 1
$$;

-- As credits_walk of lots_0002, from `start` (null: the first line) through the line `through` (null: the last).
create function credits_walk_on(wallet bigint, each_use boolean, start credits_tally, through bigint)
returns table (what text, id bigint, lot text, expires_at timestamptz, amount_m bigint, left_m bigint) language plpgsql stable as $$
declare
  ids bigint[] := coalesce(start.lot_ids, '{}'); lots text[] := coalesce(start.lot_kinds, '{}');
  untils timestamptz[] := coalesce(start.lot_untils, '{}'); amounts bigint[] := coalesce(start.lot_amounts, '{}');
  lefts bigint[] := coalesce(start.lot_lefts, '{}'); after bigint := coalesce(start.through_id, 0);
  upto bigint := coalesce(through, 9223372036854775807);
  n int := cardinality(ids); head int := 1;                          -- nothing is left before `head`
  of_use bigint[] := '{}'; of_lot bigint[] := '{}'; of_m bigint[] := '{}'; parts int := 0;   -- where refunded charges took from
  pot bigint[]; line record; want_m bigint; part_m bigint; paid_m bigint; i int; j int; at_end int;
begin
  select array_agg(a.id) into pot from credits_account a where a.id = wallet or (a.wallet_id = wallet and a.kind = 'hold');
  for line in
    with supply as materialized (
      select t.id, t.amount_m, coalesce(t.lot, 'granted') as lot, t.expires_at, t.reverses_id from credits_transfer t
       where t.credit_id = wallet and t.meter_id is null and t.id > after and t.id <= upto and t.debit_id <> all(pot)),
    demand as materialized (
      select t.id, t.amount_m, t.reason in ('expire', 'taken_back') as aims, t.reason, t.reference,
             each_use or t.id in (select s.reverses_id from supply s where s.reverses_id is not null) as alone
        from unnest(pot) p join credits_transfer t on t.debit_id = p and t.id > after and t.id <= upto
       where t.credit_id <> all(pot)),
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

-- What is left of each lot; of lots in which nothing is left some are missing.
create or replace function credits_wallet_lots(wallet bigint) returns table (lot_id bigint, lot text, expires_at timestamptz, amount_m bigint, left_m bigint)
language sql stable as $$
  select w.id, w.lot, w.expires_at, w.amount_m, w.left_m
    from (select) one left join credits_tally_before(wallet, null) k on true
    cross join lateral credits_walk_on(wallet, false, k, null) w where w.what = 'lot'
$$;

-- Of each use of credits: how much of it was paid credits.
create or replace function credits_line_shares(wallet bigint) returns table (transfer_id bigint, amount_m bigint, paid_m bigint) language sql stable as $$
  select w.id, w.amount_m, w.left_m from credits_walk_on(wallet, true, null, null) w where w.what = 'use'
$$;

drop function credits_walk(bigint, boolean);

create trigger immutable before update or truncate on credits_tally
  for each statement execute function credits_refuse('a tally is never changed: it is counted again');

-- A batch of transcript entries for many sessions: one call, one round trip, one commit. See docs/how/live-core.md.
--
-- sessions: the ids of all sessions in the batch. moment: what time it is (hub.base.clock). batch: [{
--   s: session, a: author (null: the hub itself), i: the author's id for it, h: hash of the content in hex,
--   k: kind, t: text, e: event, r: reply_to, n: author's name, y: author's kind where the author is no member, x: staff only}]
-- Answers one row per entry: the verdict (new, done, conflict, not_found, forbidden, ended) and, for new and done, where
-- it stands. `first_reply` marks the agent's first message since the session was opened or opened again (M2).
--
-- Two statements on purpose: READ COMMITTED gives the second a snapshot taken after the locks of the first, so it sees
-- what another process committed while this one waited (a repeated id, an end, a lost right). In one it would not.
-- The settings forbid plans that scan: the plan is cached, perhaps from when a table was empty. For the same reason a
-- repeated id is looked up by `client_id` alone, which is as good as unique: with `session_id =` beside it a plan made
-- early takes the index on (session_id, seq) and reads the whole session for each message.
create or replace function live_write(sessions uuid[], batch json, moment timestamptz)
returns table(verdict text, seq bigint, staff_seq bigint, at timestamptz, author_kind text, first_reply boolean)
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_bitmapscan = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  -- The same order everywhere: no deadlock. Actions that call this do so last, so that they wait for nothing afterwards.
  perform 1 from chat_counter where session_id = any(sessions) order by session_id for no key update;
  return query
  with judged as materialized (
    select n.*, d.seq as old_seq, d.staff_seq as old_staff_seq, d.at as old_at, d.author_kind as old_kind,
      c.last_seq, c.last_staff_seq, c.replied_at,
      greatest(c.last_at, moment) as stamp,  -- never before the entry above it
      coalesce(n.x, false) or n.k in ('note', 'whisper') as hidden,
      case m.side when 'customer' then 'visitor' when 'agent' then 'agent' when 'watcher' then 'agent' when 'bot' then 'bot'
        else coalesce(n.y, 'system') end as speaks_as,
      case
        when d.id is not null then case when d.request_hash = decode(n.h, 'hex') then 'done' else 'conflict' end
        when c.session_id is null then 'not_found'
        when n.a is null then 'new'
        when m.id is null then 'not_found'
        when m.gone then 'forbidden'
        when m.side = 'customer' and (coalesce(n.x, false) or n.k in ('note', 'whisper')) then 'forbidden'
        when m.side = 'watcher' and not (coalesce(n.x, false) or n.k in ('note', 'whisper')) then 'forbidden'
        when z.state = 'ended' and not (coalesce(n.x, false) or n.k in ('note', 'whisper')) then 'ended'
        when n.r is not null and q.id is null then 'not_found'
        else 'new'
      end as verdict
    from rows from (json_to_recordset(batch) as (s uuid, a bigint, i uuid, h text, k text, t text, e jsonb, r bigint,
      n text, y text, x boolean)) with ordinality as n(s, a, i, h, k, t, e, r, n, y, x, o)
    left join chat_counter c on c.session_id = n.s
    left join chat_session z on z.id = n.s
    left join chat_member m on m.session_id = n.s and m.user_id = n.a
    left join chat_message d on d.client_id = n.i and d.session_id is not distinct from n.s and d.author_id is not distinct from n.a
    left join chat_message q on q.session_id = n.s and q.seq = n.r),
  numbered as materialized (
    select j.*,
      case when j.verdict = 'new' and not j.hidden
        then j.last_seq + count(*) filter (where j.verdict = 'new' and not j.hidden) over above end as new_seq,
      case when j.verdict = 'new' and j.hidden
        then j.last_staff_seq + count(*) filter (where j.verdict = 'new' and j.hidden) over above end as new_staff_seq,
      j.verdict = 'new' and not j.hidden and j.speaks_as = 'agent' and j.k in ('text', 'file') as replies
    from judged j
    window above as (partition by j.s order by j.o)),
  put as (
    insert into chat_message(session_id, seq, staff_seq, client_id, author_id, author_kind, author_name, kind, text, event,
      reply_to, request_hash, at)
    select n.s, n.new_seq, n.new_staff_seq, n.i, n.a, n.speaks_as, n.n, n.k, coalesce(n.t, ''), n.e, n.r, decode(n.h, 'hex'), n.stamp
    from numbered n where n.verdict = 'new' order by n.o),
  bump as (
    update chat_counter c set
      last_seq = greatest(c.last_seq, f.top), last_staff_seq = greatest(c.last_staff_seq, f.staff_top), last_at = f.stamp,
      replied_at = case when f.replied then coalesce(c.replied_at, f.stamp) else c.replied_at end,
      last_customer_at = case when f.customer then f.stamp else c.last_customer_at end,
      last_agent_at = case when f.replied then f.stamp else c.last_agent_at end
    from (
      select n.s, max(n.new_seq) as top, max(n.new_staff_seq) as staff_top, max(n.stamp) as stamp, bool_or(n.replies) as replied,
        bool_or(n.speaks_as = 'visitor') as customer
      from numbered n where n.verdict = 'new' group by n.s) f
    where c.session_id = f.s)
  select n.verdict,
    case n.verdict when 'new' then n.new_seq when 'done' then n.old_seq end,
    case n.verdict when 'new' then n.new_staff_seq when 'done' then n.old_staff_seq end,
    case n.verdict when 'new' then n.stamp when 'done' then n.old_at end,
    case n.verdict when 'done' then n.old_kind else n.speaks_as end,
    n.replies and n.replied_at is null and n.o = min(n.o) filter (where n.replies) over (partition by n.s)
  from numbered n order by n.o;
end $$;

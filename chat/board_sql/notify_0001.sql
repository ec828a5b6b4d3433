-- Tells the dispatcher which sessions and agents changed on the board (D2): 's:<session>' and 'a:<user>', after commit.
-- In the database, so that no action can forget it. PostgreSQL folds equal payloads of one transaction into one.
-- Messages do not touch these tables; what changes here is rare (an accept, a pause), so a row trigger is cheap.
create function chat_board_notify_agent(agent bigint) returns void language sql as $$
  select pg_notify('balie_wake', 'board:a:' || agent) where agent is not null
$$;

create function chat_board_session_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('balie_wake', 'board:s:' || new.id);
  perform chat_board_notify_agent(new.agent_id);
  perform chat_board_notify_agent(new.offered_to_id);
  perform chat_board_notify_agent(new.wrapup_agent_id);
  if tg_op = 'UPDATE' then
    perform chat_board_notify_agent(old.agent_id);
    perform chat_board_notify_agent(old.offered_to_id);
    perform chat_board_notify_agent(old.wrapup_agent_id);
  end if;
  return null;
end $$;

create trigger chat_board_session_opened after insert on chat_session
  for each row execute function chat_board_session_changed();

create trigger chat_board_session_moved after update on chat_session
  for each row when (
    (old.state, old.reason, old.agent_id, old.offered_to_id, old.department_id, old.priority, old.queued_at, old.subject,
     old.accepted_at, old.started_at, old.meter_id, old.wrapup_until, old.due_at)
    is distinct from
    (new.state, new.reason, new.agent_id, new.offered_to_id, new.department_id, new.priority, new.queued_at, new.subject,
     new.accepted_at, new.started_at, new.meter_id, new.wrapup_until, new.due_at))
  execute function chat_board_session_changed();

create function chat_board_presence_changed() returns trigger language plpgsql as $$
begin
  perform chat_board_notify_agent(new.user_id);
  return null;
end $$;

create trigger chat_board_presence after insert or update on chat_agentpresence
  for each row execute function chat_board_presence_changed();

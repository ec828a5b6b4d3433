import { useRef } from "preact/hooks";

import { BELL, Button, Icon, LinkButton } from "../shared/components/index.ts";
import { exactDuration, t } from "../shared/i18n.ts";
import { offlineIcon } from "../shared/icons.ts";
import { tick } from "../shared/tick.ts";

import { useDesk } from "./context.ts";
import { LoadingChat } from "./LoadingChat.tsx";
import { OpenChat } from "./OpenChat.tsx";

export function Conversation() {
  const desk = useDesk();
  const chat = desk.open.value;
  return (
    <section class="conv" id="conversation" tabIndex={-1} aria-label={t("Conversation")}>
      <OfflineBar />
      <Tabs />
      {chat ? <OpenChat key={chat.id} chat={chat} /> : <NoChat />}
    </section>
  );
}

function OfflineBar() {
  const desk = useDesk();
  const line = desk.socket.line.value;
  if (line.state === "open" || (line.state === "connecting" && line.attempt === 0)) return null;
  return (
    <div class="off-bar" role="status">
      <Icon of={offlineIcon} size="sm" />
      <span class="grow">{lineText(line, tick.value, desk.socket.welcome.value?.limits.staff_away_s ?? 15)}</span>
      {line.state === "stopped" ? (
        <a class="link" href="">
          {t("Reload")}
        </a>
      ) : (
        <LinkButton onClick={() => desk.socket.nudge()}>{t("Now")}</LinkButton>
      )}
    </div>
  );
}

function lineText(line: { readonly state: string; readonly retry_at?: number; readonly why?: string }, now_ms: number, away_s: number): string {
  if (line.state === "stopped") {
    if (line.why === "replaced") return t("This page was closed because too many are open.");
    return line.why === "forbidden" ? t("You may no longer use the console.") : t("You are signed out. What you typed is kept.");
  }
  const wait_s = Math.max(0, Math.ceil(((line.retry_at ?? now_ms) - now_ms) / 1000));
  if (line.state === "waiting" && wait_s > 0)
    return t("No connection. Trying again in {n} s. Meters pause after {time}.", { n: wait_s, time: exactDuration(away_s) });
  return t("No connection. Trying again. Meters pause after {time}.", { time: exactDuration(away_s) });
}

// --- tabs ------------------------------------------------------------------------------------------------------------

function Tabs() {
  const desk = useDesk();
  const chats = desk.chats.value;
  const list = useRef<HTMLDivElement>(null);
  if (chats.length === 0) return null;
  const onKey = (event: KeyboardEvent) => {
    const forward = getComputedStyle(event.currentTarget as HTMLElement).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
    if (event.key !== forward && event.key !== back) return;
    event.preventDefault();
    desk.step(event.key === forward ? 1 : -1);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>("[aria-selected='true']")?.focus());
  };
  return (
    <div class="tabs" role="tablist" aria-label={t("Open chats")} ref={list} onKeyDown={onKey}>
      {chats.map((chat, place) => {
        const selected = desk.selected.value === chat.id;
        const unread = chat.unread.value;
        return (
          <button
            key={chat.id}
            type="button"
            class="tab"
            role="tab"
            id={`tab-${chat.id}`}
            aria-selected={selected}
            aria-controls="chat-panel"
            tabIndex={selected || (place === 0 && !desk.open.value) ? 0 : -1}
            onClick={() => desk.select(chat.id)}
          >
            <span class="clip" dir="auto">
              {chat.session?.customer?.name ?? t("Customer")}
            </span>
            {unread > 0 && (
              <span class="count">
                <span class="sr">{t("unread:")} </span>
                {unread}
              </span>
            )}
            {place < 4 && <kbd aria-hidden="true">{place + 1}</kbd>}
          </button>
        );
      })}
    </div>
  );
}

function NoChat() {
  const desk = useDesk();
  const queue = desk.queue.value.filter((row) => row.reason !== "payment");
  const online = desk.presence.value?.status === "online";
  if (!desk.board.known.value) return <LoadingChat />;
  return (
    <div class="welcome">
      <span class="tile">
        <Icon of={BELL} size="lg" />
      </span>
      <h2>{t("The counter is quiet")}</h2>
      {online ? (
        <p>{t("New chats ring here by themselves. You can also take somebody who waits.")}</p>
      ) : (
        <p>{t("You are not online, so no chats come to you. Set yourself online to be offered the next one.")}</p>
      )}
      {!online && (
        <Button look="primary" onClick={() => void desk.setPresence("online", desk.presence.value?.capacity || undefined)}>
          {t("Go online")}
        </Button>
      )}
      {online && queue.length > 0 && (
        <Button look="primary" onClick={() => void desk.pullLongest()}>
          {t("Take who waits longest")}
        </Button>
      )}
    </div>
  );
}

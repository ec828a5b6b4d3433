/** One chat: header, meter, what needs an eye, the log, the composer. */
import { useEffect, useMemo, useState } from "preact/hooks";

import { Avatar, Button, Icon, IconButton, MessageList, MeterStrip, Notice, takingFiles } from "../shared/components/index.ts";
import { clock, creditsWithUnit, t, timeOfDay } from "../shared/i18n.ts";
import { backIcon, closeIcon, pauseIcon, personIcon, playIcon } from "../shared/icons.ts";
import { type MeterReading, readMeter } from "../shared/meter.ts";
import { milliseconds, type Session } from "../shared/protocol.ts";
import { tick } from "../shared/tick.ts";
import type { Line } from "../shared/timeline.ts";
import { meterText } from "../shared/words.ts";

import { type Chat, owesWrapup } from "./chats.ts";
import { useConsole, useDesk } from "./context.ts";
import { hasRefund, isAskedBack } from "./history.ts";
import { partsOf, trayOf } from "./files.tsx";
import { LoadingChat } from "./LoadingChat.tsx";
import { EndMenu, FreeTimeMenu, PauseMenu } from "./menus.tsx";
import { RefundButton } from "./Refund.tsx";
import { keysShown, menu, pane, panelOpen, setAbout } from "./screen.ts";
import { StaffComposer } from "./StaffComposer.tsx";
import { TicketMenu } from "./TicketMenu.tsx";
import { happenedText, pausedText, refusalText, stateText } from "./words.ts";
import { WrapUp } from "./WrapUp.tsx";

export function OpenChat({ chat }: { readonly chat: Chat }) {
  const { boot, desk } = useConsole();
  const session = chat.session;
  if (!session) return <LoadingChat />;
  const ended = session.state === "ended";
  const taking = ended ? {} : takingFiles((files) => void trayOf(chat.id, boot.csrf).add(files).catch(() => undefined));
  return (
    <section class="panel" role="tabpanel" id="chat-panel" aria-labelledby={`tab-${chat.id}`} {...taking}>
      <Header chat={chat} session={session} />
      <Meter chat={chat} session={session} />
      <Alerts chat={chat} session={session} />
      <Log chat={chat} session={session} />
      {ended ? (
        owesWrapup(session, desk.me.id) ? (
          <WrapUp chat={chat} session={session} />
        ) : (
          <EndedBar session={session} />
        )
      ) : (
        <StaffComposer chat={chat} session={session} />
      )}
      {!ended && <Hints />}
    </section>
  );
}

function Header({ chat, session }: { readonly chat: Chat; readonly session: Session }) {
  const { boot, desk } = useConsole();
  const customer = session.customer;
  const name = customer?.name ?? t("Customer");
  const running = session.state !== "ended";
  const meter = chat.conversation.meter.value;
  const paused = meter?.state === "paused";
  return (
    <>
      <header class="ch">
        <IconButton of={backIcon} flip class="back" label={t("Back to the list")} onClick={() => (pane.value = "list")} />
        <Avatar name={name} id={customer?.id ?? chat.id} />
        <div class="grow">
          <h2>
            <span class="clip" dir="auto">
              {name}
            </span>
            {customer?.vip && <span class="pill brand">{t("VIP")}</span>}
            {stateText(session) && <span class="pill caution">{stateText(session)}</span>}
            {session.ticket && <TicketPill number={session.ticket} url={boot.tickets_url} />}
          </h2>
          <p class="clip">
            {boot.departments[session.department] ?? ""}
            {customer?.login && (
              <>
                {" "}
                · <span class="ltr num">{customer.login}</span>
              </>
            )}
            {session.subject && (
              <>
                {" "}
                · <span dir="auto">{session.subject}</span>
              </>
            )}
          </p>
        </div>
        <IconButton
          of={personIcon}
          class="info"
          label={t("About {name}", { name })}
          expanded={panelOpen.value}
          onClick={() => (panelOpen.value = !panelOpen.value)}
        />
        {!running && !owesWrapup(session, desk.me.id) && (
          <IconButton of={closeIcon} label={t("Close this chat")} onClick={() => desk.putAway(chat.id)} />
        )}
      </header>
      {!running && (
        <div class="deeds">
          <TicketMenu chat={chat} session={session} />
        </div>
      )}
      {running && (
        <div class="deeds">
          {meter && paused && (
            <Button icon={playIcon} busy={desk.asking.value.has(chat.id)} onClick={() => void desk.resume(chat.id)}>
              {t("Meter on")}
              <kbd aria-hidden="true">P</kbd>
            </Button>
          )}
          {meter && !paused && <PauseMenu chat={chat} disabled={meter.state !== "running" && meter.state !== "free"} />}
          {meter && !customer?.vip && <FreeTimeMenu chat={chat} />}
          <TicketMenu chat={chat} session={session} />
          <EndMenu chat={chat} name={name} />
        </div>
      )}
    </>
  );
}

function TicketPill({ number, url }: { readonly number: string; readonly url: string | undefined }) {
  const text = t("Ticket {number}", { number });
  return url ? (
    <a class="pill" href={`${url}${number}/`} target="balie-tickets">
      {text}
    </a>
  ) : (
    <span class="pill">{text}</span>
  );
}

function Meter({ chat, session }: { readonly chat: Chat; readonly session: Session }) {
  const desk = useDesk();
  const meter = chat.conversation.meter.value;
  if (!meter) return null;
  const reading = readMeter(meter, desk.socket.clock.now(tick.value), desk.lost_at.value);
  return (
    <MeterStrip meter={meter} serverNow={(local_ms) => desk.socket.clock.now(local_ms)} frozenAt={desk.lost_at.value}>
      <MeterPill reading={reading} ended={session.state === "ended"} />
    </MeterStrip>
  );
}

function MeterPill({ reading, ended }: { readonly reading: MeterReading; readonly ended: boolean }) {
  if (ended) return <span class="pill">{t("Ended")}</span>;
  switch (reading.look) {
    case "run":
      return (
        <span class="pill ok">
          <Icon of={playIcon} size="sm" />
          {t("Running")}
        </span>
      );
    case "low":
      return (
        <span class="pill caution">
          <Icon of={playIcon} size="sm" />
          {t("Running, low credit")}
        </span>
      );
    case "free":
      return <span class="pill ok">{meterText("free")}</span>;
    case "paused":
      return (
        <span class="pill">
          <Icon of={pauseIcon} size="sm" />
          {pausedText(reading.reason)}
        </span>
      );
    case "out":
      return <span class="pill danger">{t("Credit used up")}</span>;
    case "ready":
      return <span class="pill">{t("Starts with your first reply")}</span>;
    case "ended":
      return <span class="pill">{t("Ended")}</span>;
  }
}

/** Why the meter stopped, and what would let it go on. */
function graceText({ grace_left_s, stops_by }: MeterReading): string {
  const time = grace_left_s === undefined ? undefined : clock(grace_left_s);
  if (stops_by === "limit") {
    return time === undefined
      ? t("The customer's spending limit was reached. The meter is off.")
      : t("The customer's spending limit was reached. The meter is off; the chat ends in {time} unless it is raised.", { time });
  }
  return time === undefined
    ? t("The credit is used up. The meter is off.")
    : t("The credit is used up. The meter is off; the chat ends in {time} unless credits are added.", { time });
}

/** What needs the agent's eye: what was refused, credit that is gone, a customer who is. */
function Alerts({ chat, session }: { readonly chat: Chat; readonly session: Session }) {
  const desk = useDesk();
  const refusal = desk.refusals.value.get(chat.id);
  const meter = chat.conversation.meter.value;
  const reading = meter ? readMeter(meter, desk.socket.clock.now(tick.value), desk.lost_at.value) : undefined;
  const name = session.customer?.name ?? t("The customer");
  return (
    <div class="alerts">
      {refusal && (
        <Notice look="danger" role="alert" onClose={() => desk.dismiss(chat.id)}>
          {refusalText(refusal)}
        </Notice>
      )}
      {session.state !== "ended" && reading?.state === "grace" && (
        <Notice look="danger">
          {graceText(reading)}
          <span class="deeds">
            <Button size="sm" look="soft" onClick={() => void desk.grant(chat.id, 120, "grace")}>
              {t("Give 2 minutes more")}
            </Button>
          </span>
        </Notice>
      )}
      {session.state === "waiting" && session.reason === "customer_away" && (
        <Notice look="caution" role="status">
          {t("{name} has no connection. The meter is off until they are back.", { name })}
        </Notice>
      )}
      {session.state === "ended" && isAskedBack(chat.id) && (
        <Notice look="caution" role="status">
          {t("{name} asks for the credits of this chat back.", { name })}
        </Notice>
      )}
    </div>
  );
}

function Log({ chat, session }: { readonly chat: Chat; readonly session: Session }) {
  const { boot, desk } = useConsole();
  const { conversation } = chat;
  const parts = useMemo(() => partsOf(boot.csrf, boot.tickets_url), []);
  const [opened_at] = useState(() => conversation.read.peek()[desk.me.id] ?? 0);
  const [more, setMore] = useState(true);
  const lines = chat.lines.value;
  const customer = session.customer;
  const name = customer?.name ?? t("Customer");
  useEffect(() => {
    const seen = () => {
      if (!document.hidden && document.hasFocus()) desk.markRead(chat);
    };
    window.addEventListener("focus", seen);
    return () => window.removeEventListener("focus", seen);
  }, [chat]);
  const about = (line: Line, how: "reply" | "edit" | "delete") =>
    setAbout(chat.id, { how, seq: line.message.seq ?? 0, text: line.text, name: line.message.author.name });
  const earlier = more && conversation.timeline.value.from_seq > 1;
  return (
    <MessageList
      lines={lines}
      isMine={(line) => line.state !== "sent" || line.message.author.kind !== "visitor"}
      isOwn={(line) => line.message.author.id === desk.me.id}
      readSeq={customer ? (conversation.read.value[customer.id] ?? 0) : 0}
      online={desk.socket.line.value.state === "open"}
      typing={chat.customer_types.value && session.state !== "ended" ? [name] : []}
      now_ms={desk.socket.clock.now()}
      them={{ id: customer?.id ?? chat.id, staff: false }}
      label={t("Messages with {name}", { name })}
      parts={parts}
      days
      newAfterSeq={opened_at > 0 ? opened_at : undefined}
      eventText={(event, who) => happenedText(event, who, name)}
      onSeen={() => document.hasFocus() && desk.markRead(chat)}
      actions={
        session.state === "ended"
          ? {}
          : {
              reply: (line) => about(line, "reply"),
              edit: (line) => about(line, "edit"),
              remove: (line) => about(line, "delete"),
              retry: (line) => desk.talks.retry(chat.id, line.key),
              discard: (line) => desk.talks.discard(chat.id, line.key),
            }
      }
      head={
        earlier ? (
          <Button
            size="sm"
            look="quiet"
            class="older"
            onClick={() => void desk.talks.earlier(chat.id).then(setMore, () => undefined)}
          >
            {t("Earlier messages")}
          </Button>
        ) : undefined
      }
    />
  );
}

function EndedBar({ session }: { readonly session: Session }) {
  const desk = useDesk();
  const reopenable = session.reopen_until && milliseconds(session.reopen_until) > desk.socket.clock.now(tick.value);
  return (
    <div class="ended-bar">
      <p>
        {session.ended_at ? t("This chat ended at {time}.", { time: timeOfDay(session.ended_at) }) : t("This chat has ended.")}
        {session.summary && <> {t("{amount} charged.", { amount: creditsWithUnit(session.summary.charged_m) })}</>}
      </p>
      {hasRefund(session.session) && <RefundButton session={session.session} small />}
      {reopenable && (
        <Button size="sm" busy={desk.asking.value.has(session.session)} onClick={() => void desk.reopen(session.session)}>
          {t("Open again")}
        </Button>
      )}
      <Button size="sm" look="primary" onClick={() => desk.putAway(session.session)}>
        {t("Close")}
      </Button>
    </div>
  );
}

function Hints() {
  return (
    <div class="kbds">
      <span>
        <kbd>Enter</kbd>
        {t("send")}
      </span>
      <span>
        <kbd>Shift ↵</kbd>
        {t("new line")}
      </span>
      <span>
        <kbd>Alt ↑</kbd>
        <kbd>Alt ↓</kbd>
        {t("switch chat")}
      </span>
      <button
        type="button"
        onClick={() => {
          menu.value = null;
          keysShown.value = true;
        }}
      >
        <kbd>?</kbd>
        {t("all keys")}
      </button>
    </div>
  );
}

import type { Queued } from "../shared/board.ts";
import { sinceMs, waitedSeconds } from "../shared/board.ts";
import { ageOf } from "../shared/age.ts";
import { Age, Avatar, Button, Icon, Notice, Ring } from "../shared/components/index.ts";
import { clock, number, t, timeOfDay, tn } from "../shared/i18n.ts";
import { hourglassIcon, pauseIcon } from "../shared/icons.ts";
import { plainOf } from "../shared/linkify.ts";
import { milliseconds } from "../shared/protocol.ts";
import { readMeter } from "../shared/meter.ts";
import { tick } from "../shared/tick.ts";

import type { Chat } from "./chats.ts";
import { useConsole, useDesk } from "./context.ts";
import { pane } from "./screen.ts";
import { refusalText, stateText } from "./words.ts";

/** How long an offer runs when the hub does not say; only the ring's full circle depends on it. */
const OFFER_S = 20;

export function List() {
  const desk = useDesk();
  return (
    <section class="list" aria-label={t("Queue and chats")}>
      <div class="list-scroll">
        {desk.notices.value.map((notice) => (
          <div class="alerts" key={notice.text}>
            <Notice look={notice.kind === "breach" ? "danger" : "info"} role="status" onClose={() => desk.dismissNotice(notice)}>
              {notice.text}{" "}
              {notice.link && (
                <a class="link" href={notice.link}>
                  {t("Open")}
                </a>
              )}
            </Notice>
          </div>
        ))}
        <Offers />
        {desk.board.known.value ? (
          <>
            <Waiting />
            <MyChats />
            <Team />
          </>
        ) : (
          <Skeleton />
        )}
      </div>
    </section>
  );
}

// --- offered to me ---------------------------------------------------------------------------------------------------

function Offers() {
  const desk = useDesk();
  const offers = [...desk.offers.value];
  if (offers.length === 0) return null;
  return (
    <>
      <div class="sec">
        <h2>{t("For you")}</h2>
        <span class="count">{number(offers.length)}</span>
      </div>
      <ul class="items">
        {offers.map(([id, until]) => (
          <Offer key={id} id={id} until_ms={until} />
        ))}
      </ul>
    </>
  );
}

function Offer({ id, until_ms }: { readonly id: string; readonly until_ms: number }) {
  const { boot, desk } = useConsole();
  const session = desk.talks.get(id).session.value;
  const row = desk.rows.value.queue[id];
  const left_s = Math.max(0, (until_ms - desk.socket.clock.now(tick.value)) / 1000);
  const name = session?.customer?.name ?? row?.name ?? t("A customer");
  const busy = desk.asking.value.has(id);
  const waited_s = row ? waitedSeconds(row, desk.socket.clock.now(tick.value)) : undefined;
  return (
    <li class="offer appear">
      <Ring left={(100 * left_s) / OFFER_S} look={left_s <= 5 ? "low" : "run"}>
        {number(Math.ceil(left_s))}
      </Ring>
      <span class="n">
        <span class="clip" dir="auto">
          {name}
        </span>
        {(session?.customer?.vip ?? row?.vip) && <span class="pill brand">{t("VIP")}</span>}
      </span>
      <span class="s" dir="auto">
        {session?.subject || row?.subject || t("New chat")}
        <span class="d">
          {[
            boot.departments[session?.department ?? row?.department ?? ""],
            waited_s === undefined ? "" : t("waits {time}", { time: clock(waited_s) }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      <span class="choose">
        <Button look="primary" busy={busy} onClick={() => void desk.accept(id).then((done) => done && openPane())}>
          {t("Accept")}
          <span class="sr"> {name}</span>
        </Button>
        <Button busy={busy} onClick={() => void desk.decline(id)}>
          {t("Decline")}
          <span class="sr"> {name}</span>
        </Button>
      </span>
    </li>
  );
}

function openPane(): void {
  pane.value = "chat";
}

// --- the queue -------------------------------------------------------------------------------------------------------

function Waiting() {
  const { boot, desk } = useConsole();
  const queue = desk.queue.value;
  const now = desk.socket.clock.now(tick.value);
  const longest_s = queue.reduce((most, row) => Math.max(most, waitedSeconds(row, now)), 0);
  // What was refused while its row has left the queue: "taken by" must still be read.
  const late = [...desk.refusals.value].filter(
    ([id]) => !queue.some((row) => row.id === id) && id !== "presence" && desk.chats.value.every((chat) => chat.id !== id),
  );
  return (
    <>
      <div class="sec">
        <h2>{t("Waiting")}</h2>
        <span class="count mute" role="status">
          {number(queue.length)}
        </span>
        {queue.length > 0 && (
          <Age seconds={longest_s} {...boot.queue_age}>
            {t("{time} longest", { time: clock(longest_s) })}
          </Age>
        )}
      </div>
      {queue.length === 0 && late.length === 0 && <p class="empty-line">{t("Nobody waits.")}</p>}
      <ul class="items queue">
        {queue.map((row, place) => (
          <WaitingRow key={row.id} row={row} first={place === 0} now_ms={now} />
        ))}
        {late.map(([id, refusal]) => (
          <li key={id} class="it wait">
            <span class="n">
              <span class="clip" dir="auto">
                {desk.talks.find(id)?.session.value?.customer?.name ?? t("A customer")}
              </span>
            </span>
            <span class="taken pill caution" role="status">
              {refusalText(refusal)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function WaitingRow({ row, first, now_ms }: { readonly row: Queued; readonly first: boolean; readonly now_ms: number }) {
  const { boot, desk } = useConsole();
  const waited_s = waitedSeconds(row, now_ms);
  const age = ageOf(waited_s, boot.queue_age);
  const refusal = desk.refusals.value.get(row.id);
  const hint = queuedHint(row);
  return (
    <li class={`it wait ${age}`}>
      <span class="n">
        <span class="clip" dir="auto">
          {row.name}
        </span>
        {row.vip && <span class="pill brand">{t("VIP")}</span>}
      </span>
      <Age seconds={waited_s} {...boot.queue_age}>
        {clock(waited_s)}
      </Age>
      <span class="s clip" dir="auto">
        {row.subject || t("No subject")}
      </span>
      {row.reason !== "payment" && (
        <Button
          size="sm"
          look={first ? "primary" : "plain"}
          busy={desk.asking.value.has(row.id)}
          onClick={() => void desk.pull(row.id).then((done) => done && openPane())}
        >
          {t("Take")}
          <span class="sr"> {row.name}</span>
        </Button>
      )}
      <span class="d clip">{[boot.departments[row.department], hint].filter(Boolean).join(" · ")}</span>
      {refusal && (
        <span class="taken pill caution" role="status">
          {refusalText(refusal)}
        </span>
      )}
    </li>
  );
}

function queuedHint(row: Queued): string {
  if (row.offered_to) return t("offered to {name}", { name: row.offered_to.name });
  return row.reason === "payment" ? t("is adding credit, place kept") : "";
}

// --- my chats --------------------------------------------------------------------------------------------------------

function MyChats() {
  const desk = useDesk();
  const chats = desk.chats.value;
  const running = chats.filter((chat) => chat.session?.state !== "ended").length;
  const capacity = desk.presence.value?.capacity ?? 0;
  return (
    <>
      <div class="sec">
        <h2>{t("My chats")}</h2>
        <span class="num">{capacity > 0 ? t("{n} of {max}", { n: running, max: capacity }) : number(running)}</span>
      </div>
      {chats.length === 0 && <p class="empty-line">{t("No chats yet. Take somebody, or wait for the bell.")}</p>}
      <ul class="items">
        {chats.map((chat) => (
          <ChatRow key={chat.id} chat={chat} />
        ))}
      </ul>
    </>
  );
}

function ChatRow({ chat }: { readonly chat: Chat }) {
  const desk = useDesk();
  const session = chat.session;
  const name = session?.customer?.name ?? t("Customer");
  const selected = desk.selected.value === chat.id;
  const unread = chat.unread.value;
  const label = unread > 0 ? tn("{name}, {n} unread message", "{name}, {n} unread messages", unread, { name }) : name;
  return (
    <li class={["it", selected ? "sel" : "", unread > 0 ? "unread" : ""].filter(Boolean).join(" ")}>
      <Avatar name={name} id={session?.customer?.id ?? chat.id} />
      <span class="n">
        <span class="clip" dir="auto">
          {name}
        </span>
        {session?.customer?.vip && <span class="pill brand">{t("VIP")}</span>}
      </span>
      {unread > 0 ? (
        <span class="count" aria-hidden="true">
          {number(unread)}
        </span>
      ) : (
        <Turn chat={chat} />
      )}
      <SecondLine chat={chat} />
      <TimeLeft chat={chat} />
      <button
        type="button"
        class="open"
        aria-label={label}
        aria-current={selected}
        onClick={() => {
          desk.select(chat.id);
          openPane();
        }}
      />
    </li>
  );
}

/** Whose turn it is: since when the customer waits, or when the last word fell. */
function Turn({ chat }: { readonly chat: Chat }) {
  const desk = useDesk();
  const since = chat.unanswered_since.value;
  if (since !== undefined && chat.session?.state === "active") {
    const waited = clock((desk.socket.clock.now(tick.value) - since) / 1000);
    const longest = desk.waits_longest.value === chat.id;
    return (
      <span class={longest ? "r longest" : "r"} title={longest ? t("Waits longest for your answer") : t("Waits for your answer")}>
        <Icon of={hourglassIcon} size="sm" />
        {longest && <span class="sr">{t("Waits longest for your answer")} </span>}
        {waited}
      </span>
    );
  }
  const last = chat.last.value;
  return <span class="r">{last ? timeOfDay(last.message.at) : ""}</span>;
}

function SecondLine({ chat }: { readonly chat: Chat }) {
  const desk = useDesk();
  const draft = desk.drafts.get(chat.id, "reply");
  if (chat.customer_types.value && chat.session?.state !== "ended")
    return <span class="s clip typing-now">{t("is typing")}</span>;
  if (draft && desk.selected.value !== chat.id)
    return (
      <span class="s clip draft" dir="auto">
        {t("Draft: {text}", { text: plainOf(draft, 80) })}
      </span>
    );
  const last = chat.last.value;
  if (!last)
    return (
      <span class="s clip" dir="auto">
        {chat.session?.subject ?? ""}
      </span>
    );
  const text = plainOf(last.text, 120);
  return (
    <span class="s clip" dir="auto">
      {last.message.author.kind === "visitor" && last.state === "sent" ? text : t("You: {text}", { text })}
    </span>
  );
}

function TimeLeft({ chat }: { readonly chat: Chat }) {
  const desk = useDesk();
  const meter = chat.conversation.meter.value;
  const session = chat.session;
  if (session?.state === "ended")
    return <span class="r">{session.wrapup && !session.wrapup.outcome ? t("wrap up") : t("ended")}</span>;
  if (!meter) return <span class="r">{session ? stateText(session) || t("free of charge") : ""}</span>;
  const reading = readMeter(meter, desk.socket.clock.now(tick.value), desk.lost_at.value);
  const bar = { run: "", free: "ok", low: "low", paused: "paused", out: "out", ready: "paused", ended: "paused" }[reading.look];
  const style = { "--v": `${reading.left_percent.toFixed(0)}%` };
  return (
    <>
      <span class={reading.look === "low" ? "r low" : reading.look === "out" ? "r out" : "r"}>
        {reading.look === "paused" && <Icon of={pauseIcon} size="sm" />}
        {leftText(reading.look, reading.left_s)}
      </span>
      <span class={`bar ${bar}`} style={style} aria-hidden="true">
        <i />
      </span>
    </>
  );
}

function leftText(look: string, left_s: number | undefined): string {
  if (look === "paused") return t("paused");
  if (look === "out") return t("credit used up");
  if (left_s === undefined) return look === "ready" ? t("meter off") : t("no limit");
  return left_s < 60 ? t("{n} s left", { n: Math.floor(left_s) }) : t("{n} min left", { n: Math.floor(left_s / 60) });
}

// --- colleagues ------------------------------------------------------------------------------------------------------

function Team() {
  const { boot, desk } = useConsole();
  const now = desk.socket.clock.now(tick.value);
  const rows = Object.entries(desk.rows.value.sessions)
    .filter(([, row]) => row.agent && row.agent.id !== desk.me.id)
    .sort(([, one], [, other]) => sinceMs(one) - sinceMs(other));
  if (rows.length === 0) return null;
  return (
    <details class="team" open>
      <summary class="sec">
        <h2>{t("Team")}</h2>
        <span class="num">{tn("{n} chat", "{n} chats", rows.length)}</span>
      </summary>
      <ul class="items">
        {rows.map(([id, row]) => (
          <li key={id} class="it team-row">
            <Avatar name={row.agent?.name ?? ""} id={row.agent?.id ?? id} staff size="sm" />
            <span class="n">
              <span class="clip" dir="auto">
                {t("{agent} with {customer}", { agent: row.agent?.name ?? "", customer: row.name })}
              </span>
            </span>
            <span class="r">{row.since ? clock((now - milliseconds(row.since)) / 1000) : ""}</span>
            <span class="s clip">{boot.departments[row.department] ?? ""}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Skeleton() {
  return (
    <div class="late" role="status" aria-busy="true" aria-label={t("Loading")}>
      {[0, 1, 2, 3].map((row) => (
        <div class="sk-row" key={row}>
          <i class="sk" />
          <i class="sk w60" />
          <i class="sk w80" />
        </div>
      ))}
    </div>
  );
}

/** My chats: whose turn it is, and how long their credit lasts. */
import { Avatar, Icon } from "../shared/components/index.ts";
import { clock, number, t, timeOfDay, tn } from "../shared/i18n.ts";
import { hourglassIcon, pauseIcon } from "../shared/icons.ts";
import { plainOf } from "../shared/linkify.ts";
import { readMeter } from "../shared/meter.ts";
import { tick } from "../shared/tick.ts";

import type { Chat } from "./chats.ts";
import { useDesk } from "./context.ts";
import { openPane } from "./screen.ts";
import { stateText } from "./words.ts";

export function MyChats() {
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

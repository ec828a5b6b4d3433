/** What calls an agent who looks elsewhere: the bell and its repeats, the tick, the tab's title, the desktop notification. */
import { effect } from "@preact/signals";

import { announce } from "../shared/announcer.tsx";
import { t, tn } from "../shared/i18n.ts";
import { plainOf } from "../shared/linkify.ts";
import { readMeter, warningOf } from "../shared/meter.ts";
import { tick } from "../shared/tick.ts";

import type { Desk } from "./desk.ts";
import type { Sounds } from "./sounds.ts";

/** An offer that nobody answers rings again. */
const RING_AGAIN_MS = 6_000;
/** A line that comes back by itself at once is nobody's alarm. */
const LOST_MS = 3_000;

/** Watches until the answer is called. */
export function startAlarms(desk: Desk, sounds: Sounds): () => void {
  const stops = [
    ringForOffers(desk, sounds),
    tickForMessages(desk, sounds),
    fallForLostLine(desk, sounds),
    warnOfLowCredit(desk),
    titleTells(desk),
  ];
  return () => stops.forEach((stop) => stop());
}

/** On the first click or key of a page the browser lets sounds play that were armed before. */
export function armOnFirstUse(sounds: Sounds): void {
  if (!sounds.settings.peek().on) return;
  const arm = () => void sounds.arm();
  document.addEventListener("pointerdown", arm, { once: true });
  document.addEventListener("keydown", arm, { once: true });
}

function ringForOffers(desk: Desk, sounds: Sounds): () => void {
  let known = new Set<string>();
  let rang_at = 0;
  return effect(() => {
    const now = tick.value;
    const offered = [...desk.offers.value.keys()];
    const fresh = offered.filter((id) => !known.has(id));
    known = new Set(offered);
    if (offered.length === 0 || (fresh.length === 0 && now - rang_at < RING_AGAIN_MS)) return;
    rang_at = Date.now();
    sounds.play("bell");
    for (const id of fresh) {
      const session = desk.talks.find(id)?.session.peek();
      const name = session?.customer?.name ?? t("A customer");
      announce(t("New chat: {name}. Accept with G, then Q.", { name }), "urgent");
      notify(sounds, t("New chat: {name}", { name }), session?.subject ?? "", id, () => undefined);
    }
  });
}

function tickForMessages(desk: Desk, sounds: Sounds): () => void {
  return desk.talks.watch((talk, message) => {
    const session = talk.session.peek();
    if (message.author.kind !== "visitor" || message.kind === "event" || session?.agent?.id !== desk.me.id) return;
    const text = plainOf(message.text ?? "");
    announce(t("{name}: {text}", { name: message.author.name, text }));
    if (document.hasFocus()) return;
    sounds.play("tick");
    notify(sounds, message.author.name, text, talk.id, () => desk.select(talk.id));
  });
}

function fallForLostLine(desk: Desk, sounds: Sounds): () => void {
  let told = false;
  return effect(() => {
    const lost = desk.lost_at.value;
    if (lost === undefined) {
      if (told) announce(t("Connected again."));
      told = false;
    } else if (!told && desk.socket.welcome.value && desk.socket.clock.now(tick.value) - lost > LOST_MS) {
      told = true;
      sounds.play("falling");
      announce(t("No connection. What you send waits and goes out by itself."), "urgent");
    }
  });
}

/** M4: at 5, 2 and 1 minutes left, each once. */
function warnOfLowCredit(desk: Desk): () => void {
  const told = new Map<string, number>();
  return effect(() => {
    const now = desk.socket.clock.now(tick.value);
    for (const chat of desk.chats.value) {
      const meter = chat.conversation.meter.value;
      const minutes = meter ? warningOf(readMeter(meter, now)) : undefined;
      if (minutes === undefined) told.delete(chat.id);
      else if ((told.get(chat.id) ?? Number.POSITIVE_INFINITY) > minutes) {
        told.set(chat.id, minutes);
        const name = chat.session?.customer?.name ?? "";
        announce(
          tn("{name} has credit for less than {n} minute.", "{name} has credit for less than {n} minutes.", minutes, { name }),
          "urgent",
        );
      }
    }
  });
}

/** The visible twin of every sound, in the tab. */
function titleTells(desk: Desk): () => void {
  const base = document.title;
  return effect(() => {
    const offers = desk.offers.value.size;
    const unread = desk.unread.value;
    const title = offers > 0 ? t("New chat") : base;
    document.title = offers + unread > 0 ? `(${offers + unread}) ${title}` : title;
  });
}

function notify(sounds: Sounds, title: string, body: string, tag: string, opened: () => void): void {
  if (!sounds.settings.peek().desktop || document.hasFocus()) return;
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const note = new Notification(title, { body, tag });
  note.onclick = () => {
    window.focus();
    opened();
    note.close();
  };
}

/**
 * What was said in one session, as a value: frames go in, a new timeline comes out. No clock, no socket, no page.
 *
 * True of every timeline: an entry with a `seq` is there once and in the order of `seq`; entries with only a `staff_seq` (notes,
 * whispers) stand among them by time; an edit or delete is applied to what it names whichever comes first; what is pending comes
 * last and leaves when its message arrives. Backlog and live frames may overlap and come in any order.
 */
import type { Author, ChatFile, Message } from "./protocol.ts";

/** `waiting`: for a line. `sending`: on its way. `failed`: refused; the person decides. */
export type PendingState = "waiting" | "sending" | "failed";

export interface Pending {
  readonly id: string;
  readonly text: string;
  readonly kind: "text" | "note" | "whisper";
  readonly reply_to?: number | undefined;
  /** Uploads that have arrived. */
  readonly files?: readonly ChatFile[] | undefined;
  readonly state: PendingState;
  readonly at: string;
  readonly problem?: string | undefined;
}

export interface Timeline {
  readonly by_seq: ReadonlyMap<number, Message>;
  readonly by_staff_seq: ReadonlyMap<number, Message>;
  readonly pending: readonly Pending[];
  /** Everything up to here is known. Where a timeline does not begin at 1, the number before its first. */
  readonly after_seq: number;
  readonly after_staff_seq: number;
  /** Nothing before this is known (1 when the beginning is). */
  readonly from_seq: number;
}

/** One line on the screen. */
export interface Line {
  readonly key: string;
  readonly message: Message;
  readonly text: string;
  readonly edited: boolean;
  readonly deleted: boolean;
  readonly state: "sent" | PendingState;
  readonly problem?: string | undefined;
}

export function emptyTimeline(after_seq = 0, after_staff_seq = 0): Timeline {
  return { by_seq: new Map(), by_staff_seq: new Map(), pending: [], after_seq, after_staff_seq, from_seq: after_seq + 1 };
}

/** Adds what is new; doubles and what is known already change nothing. */
export function addMessages(timeline: Timeline, messages: readonly Message[]): Timeline {
  if (messages.length === 0) return timeline;
  const by_seq = new Map(timeline.by_seq);
  const by_staff_seq = new Map(timeline.by_staff_seq);
  const arrived = new Set<string>();
  for (const message of messages) {
    arrived.add(message.id);
    if (typeof message.seq === "number") by_seq.set(message.seq, newer(by_seq.get(message.seq), message));
    else if (typeof message.staff_seq === "number") {
      by_staff_seq.set(message.staff_seq, newer(by_staff_seq.get(message.staff_seq), message));
    }
  }
  return {
    by_seq,
    by_staff_seq,
    pending: timeline.pending.filter((entry) => !arrived.has(entry.id)),
    after_seq: contiguous(by_seq, timeline.after_seq),
    after_staff_seq: contiguous(by_staff_seq, timeline.after_staff_seq),
    from_seq: firstKnown(by_seq, timeline.from_seq),
  };
}

export function addPending(timeline: Timeline, entry: Pending): Timeline {
  return { ...timeline, pending: [...timeline.pending.filter((other) => other.id !== entry.id), entry] };
}

export function setPending(timeline: Timeline, id: string, state: PendingState, problem?: string): Timeline {
  if (!timeline.pending.some((entry) => entry.id === id)) return timeline;
  const pending = timeline.pending.map((entry) => (entry.id === id ? { ...entry, state, problem } : entry));
  return { ...timeline, pending };
}

export function dropPending(timeline: Timeline, id: string): Timeline {
  const pending = timeline.pending.filter((entry) => entry.id !== id);
  return pending.length === timeline.pending.length ? timeline : { ...timeline, pending };
}

/** Our own message was committed: it stands at its place, before and in case its own frame comes. */
export function settlePending(
  timeline: Timeline, id: string, place: { seq?: number | null; staff_seq?: number | null; at?: string | null },
  session: string, author: Author,
): Timeline {
  const entry = timeline.pending.find((other) => other.id === id);
  if (!entry) return timeline;
  if (typeof place.seq !== "number" && typeof place.staff_seq !== "number") return dropPending(timeline, id);
  return addMessages(timeline, [{
    type: "message", session, seq: place.seq, staff_seq: place.staff_seq, id, kind: kindOf(entry), author, text: entry.text,
    files: entry.files, at: place.at ?? entry.at, reply_to: entry.reply_to,
  }]);
}

/** True when the hub has more than we know without a hole. */
export function isBehind(timeline: Timeline, last_seq: number, last_staff_seq = 0): boolean {
  return last_seq > timeline.after_seq || last_staff_seq > timeline.after_staff_seq;
}

/** What to show, in order. Edits and deletes are applied and not shown by themselves. */
export function linesOf(timeline: Timeline): readonly Line[] {
  const changes = changesOf(timeline);
  const numbered = [...timeline.by_seq.values()].sort((one, other) => (one.seq ?? 0) - (other.seq ?? 0));
  const staffOnly = [...timeline.by_staff_seq.values()].sort((one, other) => (one.staff_seq ?? 0) - (other.staff_seq ?? 0));
  const lines: Line[] = [];
  let next = 0;
  for (const message of numbered) {
    for (; next < staffOnly.length && staffOnly[next]!.at < message.at; next++) lines.push(sentLine(staffOnly[next]!));
    if (!isChange(message)) lines.push(sentLine(message, changes.get(message.seq ?? 0)));
  }
  for (; next < staffOnly.length; next++) lines.push(sentLine(staffOnly[next]!));
  return [...lines, ...timeline.pending.map(pendingLine)];
}

/** The line that a message quotes, where it is known. */
export function quotedBy(lines: readonly Line[], line: Line): Line | undefined {
  const of = line.message.reply_to;
  return typeof of === "number" ? lines.find((other) => other.message.seq === of) : undefined;
}

function isChange(message: Message): boolean {
  return message.kind === "event" && (message.event?.type === "edited" || message.event?.type === "deleted");
}

/** The last edit or delete of each message, by the `seq` of the message. */
function changesOf(timeline: Timeline): ReadonlyMap<number, Message> {
  const changes = new Map<number, Message>();
  for (const message of timeline.by_seq.values()) {
    const of = message.event?.of;
    if (!isChange(message) || typeof of !== "number") continue;
    const last = changes.get(of);
    if (!last || (last.seq ?? 0) < (message.seq ?? 0)) changes.set(of, message);
  }
  return changes;
}

function sentLine(message: Message, change?: Message): Line {
  const deleted = change?.event?.type === "deleted" || isEmptied(message);
  const edited = !deleted && (change !== undefined || Boolean(message.edited_at));
  const text = deleted ? "" : (change?.event?.text ?? message.text ?? "");
  return { key: message.id, message, text, edited, deleted, state: "sent" };
}

/** A deleted message of a backlog comes as what it is now: nothing. */
function isEmptied(message: Message): boolean {
  if (message.deleted_at) return true;
  return message.kind !== "event" && !message.text && !message.files?.length;
}

function pendingLine(entry: Pending): Line {
  const author: Author = { id: "", kind: "visitor", name: "" };
  const message: Message = {
    type: "message", session: "", id: entry.id, kind: kindOf(entry), author, text: entry.text, files: entry.files, at: entry.at,
    reply_to: entry.reply_to,
  };
  return {
    key: entry.id, message, text: entry.text, edited: false, deleted: false, state: entry.state, problem: entry.problem,
  };
}

/** As the hub will call it. */
function kindOf({ kind, files }: Pending): Message["kind"] {
  return files?.length && kind === "text" ? "file" : kind;
}

/** A backlog's message is as it is now; a live frame that is overtaken by it must not undo an edit. */
function newer(known: Message | undefined, message: Message): Message {
  if (!known) return message;
  const changed = (one: Message) => one.deleted_at ?? one.edited_at ?? "";
  return changed(message) >= changed(known) ? message : known;
}

function contiguous(known: ReadonlyMap<number, Message>, after: number): number {
  let last = after;
  while (known.has(last + 1)) last += 1;
  return last;
}

function firstKnown(known: ReadonlyMap<number, Message>, from: number): number {
  let first = from;
  while (first > 1 && known.has(first - 1)) first -= 1;
  return first;
}

/**
 * All sessions of this side, fed by one socket: their frames, timelines, meters and queue places as signals, and what a person can do
 * in them. Gaps close themselves: whenever the hub is known to be ahead (a jump in `seq`, a session frame, a beat) the
 * missing part is asked for, once at a time.
 */
import { type ReadonlySignal, signal, type Signal } from "@preact/signals-core";

import {
  type Author, type Backlog, type Beat, type ChatFile, type Identified, type Message, type Meter, milliseconds, type Queue,
  type ResumePoint, type ServerFrame, type Session,
} from "./protocol.ts";
import { type Answer, type LiveSocket, Refused } from "./socket.ts";
import * as timelines from "./timeline.ts";
import { uuid7 } from "./uuid.ts";

/** Somebody who typed so long ago has stopped, whether or not we were told. */
const TYPING_SHOWN_MS = 6_000;
const TYPING_REPEAT_MS = 3_000;
/** Frames that are on their way close most gaps; asking at once would fetch them twice. */
const CATCH_UP_DELAY_MS = 250;
const BACKLOG_LIMIT = 200;
/** The hub takes no more in one hello; older ones catch up by the beat. */
const RESUME_MAX = 200;

export interface SayOptions {
  readonly reply_to?: number | undefined;
  readonly kind?: "note" | "whisper" | undefined;
  /** Own uploads that have arrived. */
  readonly files?: readonly ChatFile[] | undefined;
}

export class Conversation {
  readonly id: string;
  readonly session: Signal<Session | null> = signal(null);
  readonly timeline: Signal<timelines.Timeline>;
  readonly meter: Signal<Meter | null> = signal(null);
  readonly queue: Signal<Queue | null> = signal(null);
  /** Who is typing: id of the person and until when (local milliseconds). */
  readonly typing: Signal<ReadonlyMap<string, number>> = signal(new Map());
  /** Up to where each person has read. */
  readonly read: Signal<Readonly<Record<string, number>>> = signal({});
  /** Where the hub is, as far as we heard. */
  last_seq = 0;
  last_staff_seq = 0;
  /** What we told the hub that we have read. */
  told_read = 0;
  typed_at = 0;
  /** The history is here: what comes from now on is news, also when it was missed while the line was down. */
  settled = false;
  catchUpTimer: ReturnType<typeof setTimeout> | undefined;
  asking = false;

  constructor(id: string, after_seq = 0, after_staff_seq = 0) {
    this.id = id;
    this.timeline = signal(timelines.emptyTimeline(after_seq, after_staff_seq));
  }
}

/** Called for each message that arrives for the first time, not for history: to announce, to count, to ring. */
export type MessageWatcher = (conversation: Conversation, message: Message) => void;

export class Conversations {
  readonly #socket: LiveSocket;
  readonly #all = signal<ReadonlyMap<string, Conversation>>(new Map());
  readonly #watchers = new Set<MessageWatcher>();
  readonly #withStaffSeq: boolean;

  constructor(socket: LiveSocket, options: { readonly staff?: boolean } = {}) {
    this.#socket = socket;
    this.#withStaffSeq = options.staff ?? false;
    socket.attach({
      frame: (frame) => this.#receive(frame),
      opened: () => this.#lineOpened(),
      settled: (request, answer) => this.#settled(request, answer),
      historyLost: () => this.clear(),
      positions: () => this.#positions(),
    });
    for (const { frame } of socket.outbox.list()) this.#showUnsent(frame);
  }

  get all(): ReadonlySignal<ReadonlyMap<string, Conversation>> {
    return this.#all;
  }

  find(id: string): Conversation | undefined {
    return this.#all.peek().get(id);
  }

  /** The conversation of an id; a new and empty one when it was not known. */
  get(id: string): Conversation {
    const known = this.find(id);
    if (known) return known;
    const conversation = new Conversation(id);
    this.#all.value = new Map(this.#all.peek()).set(id, conversation);
    return conversation;
  }

  forget(id: string): void {
    const rest = new Map(this.#all.peek());
    clearTimeout(rest.get(id)?.catchUpTimer);
    rest.delete(id);
    this.#all.value = rest;
  }

  clear(): void {
    for (const conversation of this.#all.peek().values()) clearTimeout(conversation.catchUpTimer);
    this.#all.value = new Map();
  }

  watch(watcher: MessageWatcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  // --- what a person does --------------------------------------------------------------------------------------------

  say(session: string, text: string, options: SayOptions = {}): string {
    const id = uuid7();
    this.#say(session, id, text, options);
    return id;
  }

  /** Sends what failed once more, with the same id: if it had arrived after all, it is not said twice. */
  retry(session: string, id: string): void {
    const entry = this.get(session).timeline.peek().pending.find((other) => other.id === id);
    if (!entry) return;
    this.#say(session, id, entry.text, { reply_to: entry.reply_to, kind: entry.kind === "text" ? undefined : entry.kind, files: entry.files });
  }

  /** Takes back what was not sent. */
  discard(session: string, id: string): void {
    this.#socket.withdraw(id);
    this.#change(this.get(session), (timeline) => timelines.dropPending(timeline, id));
  }

  edit(session: string, seq: number, text: string): Promise<Answer> {
    return this.#socket.request({ type: "message.edit", session, seq, text }, { durable: true }).answer;
  }

  remove(session: string, seq: number): Promise<Answer> {
    return this.#socket.request({ type: "message.delete", session, seq }, { durable: true }).answer;
  }

  /** Somebody is typing (call it per key) or has stopped. */
  type(session: string, on: boolean): void {
    const conversation = this.get(session);
    const now = Date.now();
    if (on ? now - conversation.typed_at < TYPING_REPEAT_MS : conversation.typed_at === 0) return;
    conversation.typed_at = on ? now : 0;
    this.#socket.hint({ type: "typing", session, on });
  }

  /** Everything up to `seq` was seen. */
  markRead(session: string, seq: number): void {
    const conversation = this.get(session);
    if (seq <= conversation.told_read) return;
    conversation.told_read = seq;
    this.#socket.hint({ type: "read", session, seq });
  }

  /** Asks for what came before what we know. Resolves to whether there is more. */
  async earlier(session: string, limit = 50): Promise<boolean> {
    const conversation = this.get(session);
    const before_seq = conversation.timeline.peek().from_seq;
    if (before_seq <= 1) return false;
    const answer = await this.#socket.request(
      { type: "backlog", session, before_seq, limit: Math.min(limit, BACKLOG_LIMIT) }, { fleeting: true },
    ).answer;
    return answer.type === "backlog" && answer.more;
  }

  // --- frames --------------------------------------------------------------------------------------------------------

  #receive(frame: ServerFrame): void {
    switch (frame.type) {
      case "message":
        this.#message(frame);
        break;
      case "backlog":
        this.#backlog(frame);
        break;
      case "session":
        this.#session(frame);
        break;
      case "meter":
        this.#meter(frame);
        break;
      case "queue":
        this.get(frame.session).queue.value = frame;
        break;
      case "typing":
        this.#typing(frame.session, frame.who, frame.on);
        break;
      case "read": {
        const conversation = this.get(frame.session);
        conversation.read.value = furthest(conversation.read.peek(), { [frame.who]: frame.seq });
        break;
      }
      case "beat":
        this.#beat(frame);
        break;
      default:
        break;
    }
  }

  #message(message: Message): void {
    const conversation = this.get(message.session);
    const before = conversation.timeline.peek();
    const known = typeof message.seq === "number" ? before.by_seq.has(message.seq) : before.by_staff_seq.has(message.staff_seq ?? 0);
    const news = !known && conversation.settled;
    this.#change(conversation, (timeline) => timelines.addMessages(timeline, [message]));
    this.#heard(conversation, message.seq ?? 0, message.staff_seq ?? 0);
    this.#typing(message.session, message.author.id ?? "", false);
    if (news) for (const watcher of this.#watchers) watcher(conversation, message);
  }

  #backlog(backlog: Backlog): void {
    const conversation = this.get(backlog.session);
    this.#change(conversation, (timeline) => timelines.addMessages(timeline, backlog.messages));
    this.#noteArrival(conversation);
  }

  #session(session: Session): void {
    const conversation = this.get(session.session);
    conversation.session.value = session;
    conversation.read.value = furthest(conversation.read.peek(), session.read);
    if (session.state !== "queued" && session.state !== "offered") conversation.queue.value = null;
    this.#heard(conversation, session.last_seq, session.last_staff_seq ?? 0);
  }

  /** Meter frames may overtake each other; the latest by the hub's time is right. */
  #meter(meter: Meter): void {
    const conversation = this.get(meter.session);
    const known = conversation.meter.peek();
    if (!known || milliseconds(known.now) <= milliseconds(meter.now)) conversation.meter.value = meter;
  }

  #typing(session: string, who: string, on: boolean): void {
    const conversation = this.find(session);
    if (!conversation || (!on && !conversation.typing.peek().has(who))) return;
    const now = Date.now();
    const typing = new Map([...conversation.typing.peek()].filter(([, until]) => until > now));
    if (on) typing.set(who, now + TYPING_SHOWN_MS);
    else typing.delete(who);
    conversation.typing.value = typing;
    if (on) setTimeout(() => this.#forgetTyping(conversation), TYPING_SHOWN_MS + 50);
  }

  #forgetTyping(conversation: Conversation): void {
    const now = Date.now();
    const typing = new Map([...conversation.typing.peek()].filter(([, until]) => until > now));
    if (typing.size !== conversation.typing.peek().size) conversation.typing.value = typing;
  }

  #beat(beat: Beat): void {
    for (const [id, seq] of Object.entries(beat.sessions)) this.#heard(this.get(id), seq, beat.last_staff_seq?.[id] ?? 0);
  }

  // --- catching up ---------------------------------------------------------------------------------------------------

  #positions(): readonly ResumePoint[] {
    return [...this.#all.peek().values()].slice(-RESUME_MAX).map((conversation) => {
      const { after_seq, after_staff_seq } = conversation.timeline.peek();
      const point = { session: conversation.id, after_seq };
      return this.#withStaffSeq ? { ...point, after_staff_seq } : point;
    });
  }

  #lineOpened(): void {
    for (const conversation of this.#all.peek().values()) {
      conversation.asking = false;
      conversation.typed_at = 0;
      const seq = conversation.told_read;
      conversation.told_read = 0;
      // Read marks are hints and may have been lost with the line.
      if (seq > 0) this.markRead(conversation.id, seq);
    }
  }

  #heard(conversation: Conversation, seq: number, staff_seq: number): void {
    conversation.last_seq = Math.max(conversation.last_seq, seq);
    conversation.last_staff_seq = Math.max(conversation.last_staff_seq, staff_seq);
    if (this.#noteArrival(conversation)) {
      clearTimeout(conversation.catchUpTimer);
      conversation.catchUpTimer = undefined;
    } else {
      // Not begun anew by each message: in a lively chat a gap would stay open until everybody is silent.
      conversation.catchUpTimer ??= setTimeout(() => {
        conversation.catchUpTimer = undefined;
        void this.#catchUp(conversation);
      }, CATCH_UP_DELAY_MS);
    }
  }

  /** True when nothing is missing; what comes from then on is news. */
  #noteArrival(conversation: Conversation): boolean {
    if (this.#isBehind(conversation)) return false;
    conversation.settled ||= conversation.session.peek() !== null;
    return true;
  }

  #isBehind(conversation: Conversation): boolean {
    const staff_seq = this.#withStaffSeq ? conversation.last_staff_seq : 0;
    return timelines.isBehind(conversation.timeline.peek(), conversation.last_seq, staff_seq);
  }

  async #catchUp(conversation: Conversation): Promise<void> {
    if (conversation.asking || !this.#isBehind(conversation)) return;
    conversation.asking = true;
    const { after_seq, after_staff_seq } = conversation.timeline.peek();
    const staff = this.#withStaffSeq ? { after_staff_seq } : {};
    try {
      const answer = await this.#socket.request(
        { type: "backlog", session: conversation.id, after_seq, limit: BACKLOG_LIMIT, ...staff }, { fleeting: true },
      ).answer;
      const moved = conversation.timeline.peek().after_seq > after_seq;
      // Nothing new although the hub is ahead: the next beat asks again, a loop would not help.
      if (!moved && answer.type === "backlog" && !answer.more) return;
    } catch {
      return;
    } finally {
      conversation.asking = false;
    }
    this.#heard(conversation, 0, 0);
  }

  // --- what is on its way --------------------------------------------------------------------------------------------

  #say(session: string, id: string, text: string, options: SayOptions): void {
    const { reply_to, kind, files } = options;
    const sent = files?.length ? { files: files.map((file) => file.id) } : {};
    this.#change(this.get(session), (timeline) => timelines.addPending(timeline, {
      id, text, kind: kind ?? "text", reply_to, files, state: this.#pendingState(), at: this.#nowText(),
    }));
    this.type(session, false);
    this.#socket.request(
      { type: "message.send", session, text, ...sent, ...(kind ? { kind } : {}), ...(reply_to ? { reply_to } : {}) }, { id, durable: true },
    );
  }

  #showUnsent(frame: Identified): void {
    if (frame.type !== "message.send") return;
    this.#change(this.get(frame.session), (timeline) => timelines.addPending(timeline, {
      id: frame.id, text: frame.text, kind: frame.kind ?? "text", reply_to: frame.reply_to, state: "waiting",
      files: frame.files?.map((id) => ({ id, name: "" })), at: this.#nowText(),
    }));
  }

  #settled(request: Identified, answer: Answer | Refused): void {
    if (request.type === "message.edit" || request.type === "message.delete") this.#changed(request, answer);
    if (request.type !== "message.send") return;
    const conversation = this.get(request.session);
    if (answer instanceof Refused) {
      this.#change(conversation, (timeline) => timelines.setPending(timeline, request.id, "failed", answer.message));
    } else if (answer.type === "ok") {
      const author = this.#me();
      this.#change(conversation, (timeline) => timelines.settlePending(timeline, request.id, answer, request.session, author));
      this.#heard(conversation, answer.seq ?? 0, answer.staff_seq ?? 0);
    }
  }

  /** Our own edit or delete was committed: shown at once, before and in case its event comes. */
  #changed(request: Identified & { type: "message.edit" | "message.delete" }, answer: Answer | Refused): void {
    if (answer instanceof Refused || answer.type !== "ok" || typeof answer.seq !== "number") return;
    const event = request.type === "message.edit"
      ? { type: "edited", of: request.seq, text: request.text }
      : { type: "deleted", of: request.seq };
    const message: Message = {
      type: "message", session: request.session, seq: answer.seq, id: request.id, kind: "event", author: this.#me(), event,
      at: answer.at ?? this.#nowText(),
    };
    const conversation = this.get(request.session);
    this.#change(conversation, (timeline) => timelines.addMessages(timeline, [message]));
    this.#heard(conversation, answer.seq, 0);
  }

  #pendingState(): timelines.PendingState {
    return this.#socket.line.peek().state === "open" ? "sending" : "waiting";
  }

  #me(): Author {
    const you = this.#socket.welcome.peek()?.you;
    return { id: you?.id ?? "", kind: you?.kind === "staff" || you?.kind === "agent" ? "agent" : "visitor", name: you?.name ?? "" };
  }

  #nowText(): string {
    return new Date(this.#socket.clock.now()).toISOString();
  }

  #change(conversation: Conversation, change: (timeline: timelines.Timeline) => timelines.Timeline): void {
    conversation.timeline.value = change(conversation.timeline.peek());
  }
}

/** Read marks only move forward, whichever frame comes first. */
function furthest(known: Readonly<Record<string, number>>, more: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const read: Record<string, number> = { ...known };
  for (const [who, seq] of Object.entries(more)) read[who] = Math.max(read[who] ?? 0, seq);
  return read;
}

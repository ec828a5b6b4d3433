/**
 * The one store of the console (docs/how/console.md): everything that the hub told this member of staff and what they chose on this screen.
 * Messages, meters and sessions are kept by `Conversations`; here is what only staff have: the board, offers, my chats,
 * which of them is open, my presence. It knows nothing of a page.
 */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";

import { type BoardRows, type Queued, queueInOrder } from "../shared/board.ts";
import { BoardFeed } from "../shared/boardFeed.ts";
import { Conversations } from "../shared/conversations.ts";
import {
  milliseconds,
  type Notice,
  type Offer,
  type PresenceStatus,
  type Request,
  type ServerFrame,
  type Session,
} from "../shared/protocol.ts";
import { type Answer, type LiveSocket, Refused } from "../shared/socket.ts";
import { keep, openShelf, recall, type Shelf } from "../shared/storage.ts";

import { Chat, isMine } from "./chats.ts";
import { Drafts } from "./drafts.ts";

/** Actions that would be wrong later (an accept, a pause) give up after this. */
const ACTION_MS = 10_000;
/** How long "taken by" stays to be read. */
const TAKEN_SHOWN_MS = 8_000;
/** The offer of a session comes right behind its frame. */
const OFFER_FOLLOWS_MS = 5_000;
const NOTICES_MAX = 3;
const SELECTED_KEY = "balie.console.open";
const ORDER_KEY = "balie.console.order";
const ORDER_KEPT = 50;

export interface Me {
  readonly id: string;
  readonly name: string;
  /** Board topics I may follow: `all`, or my departments. */
  readonly topics: readonly string[];
}

export interface Presence {
  readonly status: PresenceStatus;
  readonly capacity: number;
  readonly chats: number;
}

/** Why the last thing I asked for in a chat or of the queue was refused. `by`: somebody was faster. */
export interface Refusal {
  readonly code: Refused["code"];
  readonly text: string;
  readonly by?: string | undefined;
}

export class Desk {
  readonly me: Me;
  readonly socket: LiveSocket;
  readonly talks: Conversations;
  readonly drafts: Drafts;

  readonly board: BoardFeed;
  /** Offered to me: session → until when (the hub's milliseconds). */
  readonly offers = signal<ReadonlyMap<string, number>>(new Map());
  readonly refusals = signal<ReadonlyMap<string, Refusal>>(new Map());
  readonly asking = signal<ReadonlySet<string>>(new Set());
  readonly notices = signal<readonly Notice[]>([]);
  readonly selected = signal<string | null>(null);
  /** Ended here and not put away yet: they stay open to be wrapped up, looked at or reopened. */
  readonly kept = signal<ReadonlySet<string>>(new Set());
  /** Until the board has said how I am. */
  readonly said = signal<{ readonly status: PresenceStatus; readonly capacity?: number | undefined } | null>(null);
  /** Counts frames of chats that are over: of one a customer may ask the credits back, or have got them. */
  readonly rated = signal(0);
  readonly lost_at = signal<number | undefined>(undefined);

  readonly rows: ReadonlySignal<BoardRows>;
  readonly queue: ReadonlySignal<readonly Queued[]>;
  readonly chats: ReadonlySignal<readonly Chat[]>;
  readonly open: ReadonlySignal<Chat | undefined>;
  readonly presence: ReadonlySignal<Presence | undefined>;
  readonly waits_longest: ReadonlySignal<string | undefined>;
  readonly unread: ReadonlySignal<number>;

  readonly #chats = new WeakMap<object, Chat>();
  readonly #order: string[];
  readonly #running = new Set<string>();
  /** Sessions whose frame came and whose offer may follow, and until when it must. */
  readonly #expected = new Map<string, number>();
  /** Lives as long as the tab: which chat was open before a reload, and in which order they stood. */
  readonly #page: Shelf;
  /** Somebody chose since the page was opened: from then on nothing but them changes which chat is open. */
  #chosen = false;

  constructor(options: { readonly me: Me; readonly socket: LiveSocket; readonly shelf?: Shelf; readonly page?: Shelf }) {
    this.me = options.me;
    this.socket = options.socket;
    this.talks = new Conversations(options.socket, { staff: true });
    this.drafts = new Drafts(options.shelf ?? openShelf("localStorage"), `balie.drafts.${options.me.id}`);
    this.#page = options.page ?? openShelf("sessionStorage");
    this.#order = readOrder(recall(this.#page, ORDER_KEY));
    this.board = new BoardFeed(options.socket, options.me.topics);
    this.rows = this.board.rows;
    this.queue = computed(() => queueInOrder(this.rows.value).filter((row) => !this.offers.value.has(row.id)));
    this.chats = computed(() => this.#listChats());
    this.open = computed(() => this.chats.value.find((chat) => chat.id === this.selected.value));
    this.presence = computed(() => this.#readPresence());
    this.waits_longest = computed(() => longestWaiting(this.chats.value));
    this.unread = computed(() => this.chats.value.reduce((sum, chat) => sum + chat.unread.value, 0));
    options.socket.attach({
      frame: (frame) => this.#receive(frame),
      historyLost: () => this.#forgetAll(),
    });
    options.socket.line.subscribe((line) => this.#follow(line.state === "open"));
  }

  /** The hub's time, in milliseconds. */
  now(): number {
    return this.socket.clock.now();
  }

  // --- what I do -----------------------------------------------------------------------------------------------------

  accept(session: string): Promise<boolean> {
    return this.#claim(session);
  }

  /** Takes somebody from the queue: an accept of what was not offered to me (C4). */
  pull(session: string): Promise<boolean> {
    return this.#claim(session);
  }

  async decline(session: string): Promise<void> {
    const done = await this.#ask(session, { type: "session.decline", session });
    if (done) this.#dropOffer(session);
  }

  /** G then Q: who waits longest in my queue, or what is offered to me. */
  async pullLongest(): Promise<void> {
    const offered = [...this.offers.peek().keys()][0];
    const next = offered ?? this.queue.peek().find((row) => row.state === "queued")?.id;
    if (next) await this.#claim(next);
  }

  async setPresence(status: PresenceStatus, capacity?: number): Promise<void> {
    const before = this.said.peek();
    this.said.value = { status, capacity };
    const answer = await this.#answer("presence", {
      type: "presence.set",
      status,
      ...(capacity === undefined ? {} : { capacity }),
    });
    if (!answer) this.said.value = before;
    else if (answer.type === "ok" && answer.status && this.said.peek()) {
      this.said.value = { status: answer.status, capacity: answer.capacity ?? capacity };
    }
  }

  pause(session: string, reason: string): Promise<boolean> {
    return this.#ask(session, { type: "meter.pause", session, reason });
  }

  resume(session: string): Promise<boolean> {
    return this.#ask(session, { type: "meter.resume", session });
  }

  grant(session: string, seconds: number, reason: string): Promise<boolean> {
    return this.#ask(session, { type: "meter.grant", session, seconds, reason });
  }

  waive(session: string, blocks: number | undefined, reason: string): Promise<boolean> {
    return this.#ask(session, { type: "meter.waive", session, reason, ...(blocks === undefined ? {} : { blocks }) });
  }

  end(session: string): Promise<boolean> {
    return this.#ask(session, { type: "session.end", session });
  }

  reopen(session: string): Promise<boolean> {
    return this.#ask(session, { type: "session.reopen", session });
  }

  async wrapUp(session: string, outcome: string, tags: readonly string[], next: string): Promise<boolean> {
    const frame: Request = { type: "session.wrapup", session, outcome };
    const done = await this.#ask(session, { ...frame, ...(tags.length ? { tags: [...tags] } : {}), ...(next ? { next } : {}) });
    if (done) this.putAway(session);
    return done;
  }

  /** The chat becomes a ticket, and goes on (C11). */
  makeTicket(session: string, asked: { department: string; subject: string; note: string; email: string; again: boolean }): Promise<boolean> {
    const { department, subject, note, email, again } = asked;
    return this.#ask(session, {
      type: "escalate",
      session,
      to: "ticket",
      department,
      subject,
      ...(note ? { note } : {}),
      ...(email ? { email } : {}),
      ...(again ? { again } : {}),
    });
  }

  select(session: string): void {
    this.#chosen = true;
    this.selected.value = session;
    keep(this.#page, SELECTED_KEY, session);
  }

  /** The chat before or after the open one, round and round. */
  step(by: 1 | -1): void {
    const chats = this.chats.peek();
    if (chats.length === 0) return;
    const at = chats.findIndex((chat) => chat.id === this.selected.peek());
    const next = chats[(at + by + chats.length) % chats.length] ?? chats[0];
    if (next) this.select(next.id);
  }

  /** Closes the tab of a chat that is over. */
  putAway(session: string): void {
    const at = this.chats.peek().findIndex((chat) => chat.id === session);
    const beside = this.chats.peek()[at + 1] ?? this.chats.peek()[at - 1];
    batch(() => {
      this.kept.value = new Set([...this.kept.peek()].filter((id) => id !== session));
      this.drafts.forget(session);
      if (this.selected.peek() === session) this.selected.value = beside?.id ?? null;
    });
    this.#tidy(session);
  }

  /** Everything up to here was on my screen. */
  markRead(chat: Chat): void {
    const seq = chat.conversation.timeline.peek().after_seq;
    const read = chat.conversation.read.peek();
    if (seq <= (read[this.me.id] ?? 0)) return;
    chat.conversation.read.value = { ...read, [this.me.id]: seq };
    this.talks.markRead(chat.id, seq);
  }

  dismiss(key: string): void {
    const refusals = new Map(this.refusals.peek());
    if (refusals.delete(key)) this.refusals.value = refusals;
    this.#tidy(key);
  }

  dismissNotice(notice: Notice): void {
    this.notices.value = this.notices.peek().filter((other) => other !== notice);
  }

  /** Offers whose time is over leave the screen, also when no frame says so. */
  tick(): void {
    const now = this.now();
    for (const [id, until] of this.offers.peek()) {
      if (until <= now) this.#dropOffer(id);
    }
    for (const [id, until] of this.#expected) {
      if (until > now) continue;
      this.#expected.delete(id);
      this.#tidy(id);
    }
  }

  // --- frames --------------------------------------------------------------------------------------------------------

  #receive(frame: ServerFrame): void {
    switch (frame.type) {
      case "session.offer":
        this.#offered(frame);
        break;
      case "session":
        this.#sessionChanged(frame);
        break;
      case "board":
        if (frame.agents?.[this.me.id]) this.said.value = null;
        break;
      case "notice":
        this.notices.value = [frame, ...this.notices.peek()].slice(0, NOTICES_MAX);
        break;
      // Kept by Conversations, by the socket itself, or for customers alone.
      case "message":
      case "meter":
      case "queue":
      case "typing":
      case "read":
      case "backlog":
      case "beat":
      case "welcome":
      case "ok":
      case "error":
      case "pong":
      case "bye":
      case "purchase":
        break;
      default: {
        const unknown: never = frame;
        void unknown;
      }
    }
  }

  #offered(offer: Offer): void {
    this.talks.get(offer.session);
    this.#expected.delete(offer.session);
    this.offers.value = new Map(this.offers.peek()).set(offer.session, milliseconds(offer.expires_at));
    this.dismiss(offer.session);
  }

  #sessionChanged(session: Session): void {
    if (session.state === "offered") this.#expected.set(session.session, this.now() + OFFER_FOLLOWS_MS);
    else {
      this.#expected.delete(session.session);
      this.#dropOffer(session.session);
    }
    if (session.state === "ended" && session.solved) this.rated.value += 1;
    if (session.agent?.id !== this.me.id) {
      this.#tidy(session.session);
      return;
    }
    if (session.state === "ended") {
      // It stays open for who saw it end; a later frame of it (the wrap-up) must not bring it back.
      if (this.#running.delete(session.session)) this.#keep(session.session);
    } else {
      this.#running.add(session.session);
    }
    if (!isMine(session, this.me.id)) return;
    const before = recall(this.#page, SELECTED_KEY);
    if (this.selected.peek() === null || (before === session.session && !this.#chosen)) this.selected.value = session.session;
  }

  // --- the line ------------------------------------------------------------------------------------------------------

  #follow(open: boolean): void {
    if (open) this.lost_at.value = undefined;
    else this.lost_at.value ??= this.now();
  }

  #forgetAll(): void {
    batch(() => {
      this.offers.value = new Map();
      this.kept.value = new Set();
    });
  }

  // --- asking --------------------------------------------------------------------------------------------------------

  async #claim(session: string): Promise<boolean> {
    const done = await this.#ask(session, { type: "session.accept", session });
    if (done) {
      this.#dropOffer(session);
      this.select(session);
    } else {
      this.#dropOffer(session);
      setTimeout(() => this.dismiss(session), TAKEN_SHOWN_MS);
    }
    return done;
  }

  async #ask(session: string, frame: Request): Promise<boolean> {
    return (await this.#answer(session, frame)) !== undefined;
  }

  /** Undefined when it was refused; why stands under `key` until it is dismissed or asked again. */
  async #answer(key: string, frame: Request): Promise<Answer | undefined> {
    this.dismiss(key);
    this.asking.value = new Set(this.asking.peek()).add(key);
    try {
      return await this.socket.request(frame, { within_ms: ACTION_MS }).answer;
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      const refusal: Refusal = { code: problem.code, text: problem.message, by: problem.frame?.by ?? undefined };
      this.refusals.value = new Map(this.refusals.peek()).set(key, refusal);
      return undefined;
    } finally {
      const asking = new Set(this.asking.peek());
      asking.delete(key);
      this.asking.value = asking;
    }
  }

  // --- what follows --------------------------------------------------------------------------------------------------

  #dropOffer(session: string): void {
    const offers = new Map(this.offers.peek());
    if (!offers.delete(session)) return;
    this.offers.value = offers;
    this.#tidy(session);
  }

  /**
   * Forgets a conversation that is none of mine any more. A day brings hundreds of offers; each that stays would be asked for
   * again with every `hello`, which takes 200. What I wrote and could not send keeps its place.
   */
  #tidy(id: string): void {
    const talk = this.talks.find(id);
    const session = talk?.session.peek();
    if (!talk || !session || isMine(session, this.me.id) || this.#expected.has(id)) return;
    if (this.offers.peek().has(id) || this.refusals.peek().has(id) || this.asking.peek().has(id) || this.kept.peek().has(id))
      return;
    if (talk.timeline.peek().pending.length === 0) this.talks.forget(id);
  }

  #keep(session: string): void {
    if (!this.kept.peek().has(session)) this.kept.value = new Set(this.kept.peek()).add(session);
  }

  /** In the order in which they became mine, so that 1 to 4 and the tabs stay where they are. */
  #listChats(): readonly Chat[] {
    const conversations = this.talks.all.value;
    const kept = this.kept.value;
    const mine = [...conversations.values()].filter(
      (talk) => isMine(talk.session.value, this.me.id) || (kept.has(talk.id) && talk.session.value?.agent?.id === this.me.id),
    );
    const fresh = mine.filter((talk) => !this.#order.includes(talk.id));
    fresh.sort((one, other) => (openedAt(one.session.peek()) < openedAt(other.session.peek()) ? -1 : 1));
    this.#order.push(...fresh.map((talk) => talk.id));
    if (fresh.length) keep(this.#page, ORDER_KEY, this.#order.slice(-ORDER_KEPT));
    mine.sort((one, other) => this.#order.indexOf(one.id) - this.#order.indexOf(other.id));
    return mine.map((talk) => {
      const chat = this.#chats.get(talk) ?? new Chat(talk, this.me.id);
      this.#chats.set(talk, chat);
      return chat;
    });
  }

  #readPresence(): Presence | undefined {
    const row = this.rows.value.agents[this.me.id];
    const said = this.said.value;
    const running = this.chats.value.filter((chat) => chat.session?.state !== "ended").length;
    if (!row && !said && !this.board.known.value) return undefined;
    return {
      status: said?.status ?? row?.status ?? "offline",
      capacity: said?.capacity ?? row?.capacity ?? 0,
      chats: Math.max(running, row?.chats ?? 0),
    };
  }
}

function readOrder(kept: unknown): string[] {
  return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
}

function openedAt(session: Session | null): string {
  return session?.opened_at ?? "";
}

/** Which of my chats waits longest for my answer; undefined when fewer than two wait. */
function longestWaiting(chats: readonly Chat[]): string | undefined {
  const waiting = chats.filter((chat) => chat.unanswered_since.value !== undefined && chat.session?.state === "active");
  if (waiting.length < 2) return undefined;
  return waiting.reduce((one, other) => ((other.unanswered_since.value ?? 0) < (one.unanswered_since.value ?? 0) ? other : one))
    .id;
}

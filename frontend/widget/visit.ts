/**
 * One visit: which chat is shown, starting and ending one, and what the person must be told. The views read its signals and call its
 * functions; the socket and the conversations do the rest.
 */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";

import type { FromFrame } from "../loader/messages.ts";
import { announce } from "../shared/announcer.tsx";
import { type Conversation, Conversations } from "../shared/conversations.ts";
import { number, t } from "../shared/i18n.ts";
import { plainOf } from "../shared/linkify.ts";
import { readMeter } from "../shared/meter.ts";
import type { Identified, Message, Page, Price, Session, Solved } from "../shared/protocol.ts";
import { type Answer, LiveSocket, Refused } from "../shared/socket.ts";
import type { Shelf } from "../shared/storage.ts";
import { eventText } from "../shared/words.ts";
import { Account } from "./account.ts";
import { fieldsOf } from "./answers.ts";
import { type Department, Departments } from "./departments.ts";
import { Draft, parseCredits } from "./draft.ts";
import { beyond } from "./lazy.tsx";
import type { Wanted } from "./tickets.ts";

/** The frames of a chat follow the welcome at once; longer than this is not waited for them. */
const ARRIVAL_MS = 1_500;

export interface VisitOptions {
  readonly site: string;
  readonly socket_url: string;
  /** Survives the tab: the token. */
  readonly lasting: Shelf;
  /** Survives a reload: drafts and what was not sent. */
  readonly passing: Shelf;
  readonly tell: (message: FromFrame) => void;
}

/** Why the last start did not work. */
export type StartProblem =
  | { readonly kind: "price"; readonly price: Price }
  | { readonly kind: "sign_in" }
  | { readonly kind: "text"; readonly text: string };

export interface Rating {
  readonly score: number;
  readonly solved?: Solved | undefined;
  readonly comment?: string | undefined;
}

export class Visit {
  readonly account: Account;
  readonly departments: Departments;
  readonly draft: Draft;
  readonly socket: LiveSocket;
  readonly conversations: Conversations;
  /** Where a new chat would start: the department that is marked on the screen. */
  readonly department: ReadonlySignal<Department | undefined>;
  /** The chat on the screen: the live one, else the one that ended here. */
  readonly current: ReadonlySignal<Conversation | null>;
  /** A chat that ended a while ago and is not on the screen: its bill, and opening it again. */
  readonly recent: ReadonlySignal<Conversation | null>;
  /** A start is on its way, perhaps since before a reload. */
  readonly starting: ReadonlySignal<boolean>;
  readonly #starting = signal(false);
  readonly startProblem = signal<StartProblem | null>(null);
  /** The hub's time at which the line was lost, while it is. */
  readonly lost_at: ReadonlySignal<number | undefined>;
  readonly #lost_at = signal<number | undefined>(undefined);
  /**
   * False while a chat may yet come: before the first answer of the hub, and until the frames of the chats that it named are here.
   * Without a network it is true after a while, unless somebody was here before: then there may be a chat to go on with.
   */
  readonly arrived: ReadonlySignal<boolean>;
  readonly #waited = signal(false);
  readonly isShown = signal(false);
  readonly unread = signal(0);
  /** A ticket is being made: the form stands over everything else. */
  readonly ticketing = signal<Wanted | null>(null);
  page: Page = {};
  /** What the site tells of its user. */
  readonly fields = signal<Readonly<Record<string, string>>>({});
  readonly #tell: (message: FromFrame) => void;

  constructor(options: VisitOptions) {
    this.#tell = options.tell;
    this.account = new Account(options.site, options.lasting);
    this.departments = new Departments(options.site, () => this.account.token());
    this.draft = new Draft(options.site, options.passing);
    this.socket = new LiveSocket({
      url: options.socket_url, side: "visitor", token: (renew) => this.account.token(renew), shelf: options.passing,
      outbox_key: `balie.${options.site}.outbox`,
    });
    this.conversations = new Conversations(this.socket);
    this.department = computed(() => this.departments.choose(this.draft.value.department));
    this.current = computed(() => currentOf(this.conversations.all.value, this.draft.value.open));
    this.recent = computed(() => latest([...this.conversations.all.value.values()], (session) => session.state === "ended"));
    this.arrived = computed(() => this.#hasArrived());
    this.starting = this.#starting;
    this.lost_at = this.#lost_at;
    const ticket = this.draft.peek().ticket;
    if (ticket?.open) this.ticketing.value = ticket.wanted;
    this.#starting.value = this.socket.outbox.list().some(({ frame }) => frame.type === "session.start");
    this.socket.attach({
      opened: () => void setTimeout(() => (this.#waited.value = true), ARRIVAL_MS),
      settled: (request, answer) => this.#settled(request, answer),
      historyLost: () => (this.#starting.value = false),
    });
    this.conversations.watch((conversation, message) => this.#heard(conversation, message));
    effect(() => this.#watchLine());
    effect(() => this.#rememberOpen());
    effect(() => this.#tell({ balie: "unread", count: this.unread.value }));
    effect(() => this.#tellNext());
  }

  get isOnline(): boolean {
    return this.socket.line.value.state === "open";
  }

  show(shown: boolean): void {
    this.isShown.value = shown;
    if (shown) this.look();
    this.#tellRing();
  }

  /** The first contact: who we are, then the line. Without a network the line keeps trying. */
  async begin(): Promise<void> {
    if (!this.account.customer.peek()) await this.account.refresh().catch(() => undefined);
    this.socket.open();
    void this.departments.load().catch(() => undefined);
  }

  /** Somebody sees the chat now: nothing is unread any more, and the other side may know. */
  look(): void {
    if (!this.isShown.peek() || document.hidden) return;
    this.unread.value = 0;
    const conversation = this.current.peek();
    if (conversation) this.conversations.markRead(conversation.id, conversation.timeline.peek().after_seq);
  }

  // --- the account ---------------------------------------------------------------------------------------------------

  async signIn(login: string, password: string): Promise<void> {
    await this.account.signIn(login, password);
    this.#becameSomebody();
  }

  async signInByCode(challenge: string, code: string): Promise<void> {
    await this.account.signInByCode(challenge, code);
    this.#becameSomebody();
  }

  async identify(identity: string): Promise<void> {
    const before = this.account.subject;
    if (!(await this.account.identify(identity))) return;
    // Another user of the site, or nobody: what the one before typed is not theirs to read, to send or to pay for.
    if (before !== undefined) this.#forgetWords();
    this.#becameSomebody();
  }

  /** Forgets who it was; what was typed for them goes too. */
  signOut(): void {
    this.account.signOut();
    this.socket.close();
    this.#forgetWords();
    this.conversations.clear();
    this.startProblem.value = null;
  }

  #forgetWords(): void {
    this.draft.clear();
    this.ticketing.value = null;
    this.socket.outbox.clear();
    this.#starting.value = false;
    this.unread.value = 0;
  }

  #becameSomebody(): void {
    this.startProblem.value = null;
    this.conversations.clear();
    if (this.socket.line.peek().state !== "closed") this.socket.reopen();
    void this.departments.load().catch(() => undefined);
  }

  // --- the chat ------------------------------------------------------------------------------------------------------

  /** Asks for a chat at the price that is on the screen (C1). What was typed is kept until the hub has it. */
  start(): void {
    const { question, most, answers } = this.draft.peek();
    const department = this.department.peek();
    if (!department) return;
    const fields = fieldsOf(department.questions, answers, this.fields.peek());
    const text = question.trim();
    const { price } = department;
    const saysTerms = this.socket.welcome.peek()?.features.includes("price.terms");
    const shown = price && (saysTerms ? price : { price_m: price.price_m });
    const most_to_spend_m = price?.price_m ? parseCredits(most) : undefined;
    this.startProblem.value = null;
    this.#starting.value = true;
    this.socket.request({
      type: "session.start",
      department: department.id,
      ...(text ? { text, subject: plainOf(text, 120) } : {}),
      ...shown,
      ...(most_to_spend_m === undefined ? {} : { most_to_spend_m }),
      ...(Object.keys(fields).length ? { fields } : {}),
      page: this.page,
    }, { durable: true });
  }

  end(session: string): Promise<Answer> {
    return this.socket.request({ type: "session.end", session }, { durable: true }).answer;
  }

  reopen(session: string): Promise<Answer> {
    return this.socket.request({ type: "session.reopen", session }, { within_ms: 15_000 }).answer;
  }

  /** The manager is asked to raise the spending limit (P4). */
  askForMore(session: string): Promise<Answer> {
    return this.socket.request({ type: "limit.ask", session }, { within_ms: 15_000 }).answer;
  }

  rate(session: string, { score, solved, comment }: Rating): Promise<Answer> {
    return this.socket.request({
      type: "session.rate", session, score, ...(solved ? { solved } : {}), ...(comment ? { comment } : {}),
    }, { durable: true }).answer;
  }

  /** Nobody is there, or it is closed: the form, with what was typed (C4). */
  leaveMessage({ id }: Department): void {
    void beyond.want();
    this.ticketing.value = { department: id, text: this.draft.peek().question };
  }

  /** What was typed is in a ticket now; a chat that waited for credits, or had none left, is over with it. */
  ticketMade({ session, ends }: Wanted): void {
    this.draft.set({ ticket: null });
    if (!session) this.draft.set({ question: "", answers: {} });
    else if (ends) void this.end(session).catch(() => undefined);
    void this.account.refresh({ anew: true }).catch(() => undefined);
  }

  /** Puts an ended chat away, for a new one. */
  putAway(session: string): void {
    if (this.draft.peek().open === session) this.draft.set({ open: "" });
    void this.account.refresh().catch(() => undefined);
  }

  /** Takes a chat that has ended back onto the screen. */
  takeUp(session: string): void {
    this.draft.set({ open: session });
  }

  // --- what happens --------------------------------------------------------------------------------------------------

  #settled(request: Identified, answer: Answer | Refused): void {
    if (request.type !== "session.start") return;
    this.#starting.value = false;
    if (!(answer instanceof Refused)) {
      this.draft.set({ question: "", most: "", answers: {} });
      if (answer.type === "ok" && answer.session) this.conversations.get(answer.session);
      return;
    }
    this.startProblem.value = this.#problemOf(request, answer);
  }

  #problemOf(request: Identified & { type: "session.start" }, refused: Refused): StartProblem | null {
    const { code, frame, message } = refused;
    // A chat is live in another window: its frames bring it here.
    if (code === "conflict" && frame?.session) return null;
    if (code === "conflict" && typeof frame?.price_m === "number" && request.department) {
      const { price_m, block_s, free_s, minimum_blocks } = frame;
      const price = { price_m, block_s: block_s ?? 60, free_s: free_s ?? 0, minimum_blocks: minimum_blocks ?? 1 };
      this.departments.reprice(request.department, price);
      return { kind: "price", price };
    }
    if (code === "forbidden" && !this.account.customer.peek()) return { kind: "sign_in" };
    void this.departments.load().catch(() => undefined);
    return { kind: "text", text: message || t("That did not work. Try again.") };
  }

  /** A new message: read aloud, and counted while nobody looks. */
  #heard(conversation: Conversation, message: Message): void {
    if (message.author.kind === "visitor") return;
    const text = message.event ? eventText(message.event, message.author.name) : plainOf(message.text ?? "");
    if (!text) return;
    announce(message.event ? text : t("{name}: {text}", { name: message.author.name, text }));
    if (message.event || conversation !== this.current.peek()) return;
    this.#tell({ balie: "message", name: message.author.name, text });
    if (!this.isShown.peek() || document.hidden) this.unread.value += 1;
  }

  /** So that after a reload the bill of this chat is shown, and not that of every chat of the last minutes. */
  #rememberOpen(): void {
    const id = this.current.value?.id;
    if (id && this.draft.peek().open !== id) this.draft.set({ open: id });
  }

  /** A chat that has ended in sight need not fill the site's next page (on a phone: all of it), unless a ticket is being made of it. */
  #tellNext(): void {
    const state = this.current.value?.session.value?.state;
    if (state && this.isShown.value) this.#tell({ balie: "next", as: state === "ended" && !this.ticketing.value ? "close" : "open" });
  }

  #hasArrived(): boolean {
    const welcome = this.socket.welcome.value;
    if (!welcome) {
      const line = this.socket.line.value;
      return !this.account.expectsChat && line.state !== "closed" && !(line.state === "connecting" && line.attempt === 0);
    }
    const all = this.conversations.all.value;
    return this.#waited.value || welcome.sessions.every((id) => all.get(id)?.session.value);
  }

  #watchLine(): void {
    const open = this.isOnline;
    if (open) this.#lost_at.value = undefined;
    else if (this.#lost_at.peek() === undefined && this.socket.welcome.peek()) this.#lost_at.value = this.socket.clock.now();
  }

  /** The bubble shows the minutes left while a chat runs behind it. */
  #tellRing(): void {
    const conversation = this.current.peek();
    const meter = conversation?.session.peek()?.state === "ended" ? null : conversation?.meter.peek();
    const reading = meter ? readMeter(meter, this.socket.clock.now(), this.#lost_at.peek()) : null;
    const running = reading?.left_s !== undefined && (reading.state === "running" || reading.state === "free");
    this.#tell({
      balie: "ring", left: Math.round(reading?.left_percent ?? 0),
      text: running ? number(Math.min(99, Math.floor(reading.left_s! / 60))) : "",
    });
  }

  /** Call now and then while the widget is minimised. */
  keepBubble(): void {
    if (!this.isShown.peek()) this.#tellRing();
  }
}

/** The live chat; else the one that was on the screen when it ended. */
function currentOf(all: ReadonlyMap<string, Conversation>, open: string): Conversation | null {
  const live = latest([...all.values()], (session) => session.state !== "ended");
  const ended = all.get(open);
  return live ?? (ended?.session.value ? ended : null);
}

/** The one of these that was opened last. */
function latest(conversations: readonly Conversation[], which: (session: Session) => boolean): Conversation | null {
  let last: Conversation | null = null;
  for (const conversation of conversations) {
    const session = conversation.session.value;
    if (session && which(session) && session.opened_at > (last?.session.value?.opened_at ?? "")) last = conversation;
  }
  return last;
}

/**
 * One line to the hub (docs/how/live-client.md): signing in, resuming, heartbeat, waiting and trying again, and an outbox that repeats every request
 * with the same id until it is answered. It knows frames and time, and nothing of a page.
 *
 * What it promises: a durable request is answered, refused or still in the outbox, whatever the line does; frames reach the
 * listeners in the order of the line. What it does not: order of frames over two lines. Whoever needs that uses `seq`.
 */
import { signal, type ReadonlySignal } from "@preact/signals-core";

import { type Spread, STAFF_SPREAD, VISITOR_SPREAD, waitBeforeAttempt } from "./backoff.ts";
import { ServerClock } from "./clock.ts";
import { Outbox, type Parcel } from "./outbox.ts";
import {
  type Backlog, type Bye, type ClientFrame, type ErrorCode, type ErrorFrame, type Hint, type Identified, milliseconds, type Ok,
  type Request, type ResumePoint, type ServerFrame, type Side, type Welcome,
} from "./protocol.ts";
import type { Shelf } from "./storage.ts";
import { MemoryShelf } from "./storage.ts";
import { uuid7 } from "./uuid.ts";

/** `closed`: not wanted. `stopped`: the hub said no and trying again would not help. */
export type Line =
  | { readonly state: "closed" }
  | { readonly state: "connecting"; readonly attempt: number }
  | { readonly state: "open" }
  | { readonly state: "waiting"; readonly attempt: number; readonly retry_at: number }
  | { readonly state: "stopped"; readonly why: "not_signed_in" | "forbidden" | "replaced" };

export type Answer = Ok | Backlog;

/** A request that the hub refused, or that could not be sent in its time (`offline`). */
export class Refused extends Error {
  readonly code: ErrorCode | "offline";
  readonly frame: ErrorFrame | undefined;

  constructor(code: ErrorCode | "offline", message: string, frame?: ErrorFrame) {
    super(message);
    this.name = "Refused";
    this.code = code;
    this.frame = frame;
  }
}

/** Thrown by a token provider when nobody is signed in: the line stops instead of trying again. */
export class NotSignedIn extends Error {}

export interface SocketListener {
  frame?(frame: ServerFrame): void;
  /** The line is ready for requests; frames of the sessions follow. */
  opened?(welcome: Welcome): void;
  /** A request was answered or refused for good; also those that an earlier page had left in the outbox. */
  settled?(request: Identified, answer: Answer | Refused): void;
  /** History was lost on the hub (a restored backup): forget everything that came from it. */
  historyLost?(): void;
  /** Up to where everything is known, for `hello`. */
  positions?(): readonly ResumePoint[];
}

export interface SocketOptions {
  readonly url: string;
  readonly side: Side;
  /** The bearer token; null signs in by the session cookie. `renew` asks for a fresh one, since the last was refused. */
  readonly token?: (renew: boolean) => Promise<string | null>;
  readonly shelf?: Shelf;
  readonly outbox_key?: string;
  readonly random?: () => number;
  /** Calls back about once a second; returns how to stop. Staff pages use a worker, whose timers are not throttled. */
  readonly ticker?: (tick: () => void) => () => void;
  readonly connect?: (url: string, protocols: string[]) => WebSocket;
}

interface Rhythm {
  readonly ping_ms: number;
  readonly spread: Spread;
  /** Our own pace stays under the hub's limit (20 in a burst and 5 a second, staff ten times that). */
  readonly burst: number;
  readonly per_second: number;
}

const RHYTHM: Record<Side, Rhythm> = {
  visitor: { ping_ms: 15_000, spread: VISITOR_SPREAD, burst: 12, per_second: 3.5 },
  staff: { ping_ms: 5_000, spread: STAFF_SPREAD, burst: 120, per_second: 35 },
};

const TICK_MS = 1_000;
/** A ping without any sign of life for so long means the line is dead, though nothing has closed it. */
const PONG_MS = 8_000;
const WELCOME_MS = 10_000;
/** On a living line an answer comes in milliseconds; asking again is harmless. */
const ANSWER_MS = 15_000;
const BAD_FRAMES_WAIT_MS = 30_000;
const TOO_FAST_WAIT_MS = 10_000;

export interface RequestOptions {
  readonly id?: string;
  readonly durable?: boolean;
  readonly fleeting?: boolean;
  /** Gives up as `offline` when there is no answer by then; for actions that would be wrong later. Not with `durable`. */
  readonly within_ms?: number;
}

export class LiveSocket {
  readonly clock = new ServerClock();
  readonly outbox: Outbox;
  readonly #options: SocketOptions;
  readonly #rhythm: Rhythm;
  readonly #line = signal<Line>({ state: "closed" });
  readonly #welcome = signal<Welcome | null>(null);
  readonly #listeners = new Set<SocketListener>();
  readonly #waiters = new Map<string, { resolve: (answer: Answer) => void; reject: (why: Refused) => void }>();

  #socket: WebSocket | null = null;
  #stopTicker: (() => void) | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #renew = false;
  #connection = 0;
  #connecting_since = 0;
  #heard_at = 0;
  #pinged_at = 0;
  /** A ping is out and nothing has come in since. */
  #unheard = false;
  #held_until = 0;
  #allowance = 0;
  #allowance_at = 0;
  #bye: Bye | null = null;
  #epoch: string | number | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#rhythm = RHYTHM[options.side];
    this.outbox = new Outbox(options.shelf ?? new MemoryShelf(), options.outbox_key ?? "balie.outbox");
  }

  get line(): ReadonlySignal<Line> {
    return this.#line;
  }

  get welcome(): ReadonlySignal<Welcome | null> {
    return this.#welcome;
  }

  attach(listener: SocketListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Opens the line and keeps it open until `close`. */
  open(): void {
    if (this.#line.peek().state === "closed" || this.#line.peek().state === "stopped") {
      this.#attempt = 0;
      void this.#connect();
    }
  }

  /** Drops the line; what is durable stays in the outbox. */
  close(): void {
    this.#hangUp();
    this.#line.value = { state: "closed" };
  }

  /** Drops the line and takes it up again with the token of now: after signing in or out. */
  reopen(): void {
    this.#hangUp();
    this.#attempt = 0;
    void this.#connect();
  }

  /** Somebody asked, the network came back, or the page woke up: try now, or prove that the line lives. */
  nudge(): void {
    const line = this.#line.peek();
    if (line.state === "waiting") void this.#connect();
    else if (line.state === "open" && Date.now() - this.#heard_at > TICK_MS) this.#ping();
  }

  /** Asks the hub for something. The id is there at once; the answer when it comes, or `Refused`. */
  request(frame: Request, options: RequestOptions = {}): { readonly id: string; readonly answer: Promise<Answer> } {
    const id = options.id ?? uuid7();
    const answer = new Promise<Answer>((resolve, reject) => {
      if (this.outbox.isFull()) {
        reject(new Refused("busy", "Too much is waiting to be sent."));
        return;
      }
      this.#waiters.set(id, { resolve, reject });
      const durable = options.durable ?? false;
      this.outbox.add({ frame: { ...frame, id }, durable, fleeting: options.fleeting ?? false });
      if (options.within_ms !== undefined && !durable) setTimeout(() => this.#giveUp(id), options.within_ms);
      this.#flush();
    });
    // Durable requests are followed by `settled`; an unhandled rejection would only be noise.
    answer.catch(() => undefined);
    return { id, answer };
  }

  /** Takes a request back that was not answered yet. It may have been done all the same when it was sent. */
  withdraw(id: string): void {
    this.outbox.take(id);
    this.#waiters.delete(id);
  }

  /** Sends now or never. */
  hint(frame: Hint): void {
    if (this.#line.peek().state === "open") this.#write(frame);
  }

  async #connect(): Promise<void> {
    clearTimeout(this.#retryTimer);
    const connection = ++this.#connection;
    this.#line.value = { state: "connecting", attempt: this.#attempt };
    const protocols = ["balie.v1"];
    try {
      const token = (await this.#options.token?.(this.#renew)) ?? null;
      if (token !== null) protocols.push(`bearer.${token}`);
    } catch (problem) {
      if (connection !== this.#connection) return;
      if (problem instanceof NotSignedIn) this.#stop("not_signed_in");
      else this.#retryIn(this.#nextWait());
      return;
    }
    if (connection === this.#connection) this.#dial(protocols);
  }

  #dial(protocols: string[]): void {
    const dial = this.#options.connect ?? ((url, names) => new WebSocket(url, names));
    const socket = dial(this.#options.url, protocols);
    this.#socket = socket;
    this.#connecting_since = Date.now();
    socket.onopen = () => this.#hello();
    socket.onmessage = (event: MessageEvent) => this.#receive(String(event.data));
    socket.onclose = (event: CloseEvent) => this.#closed(event.code);
    this.#stopTicker?.();
    this.#stopTicker = (this.#options.ticker ?? intervalTicker)(() => this.#tick());
  }

  #hello(): void {
    const resume = [...this.#listeners].flatMap((listener) => [...(listener.positions?.() ?? [])]);
    this.#write({ type: "hello", protocol: 1, resume });
  }

  #receive(data: string): void {
    this.#heard_at = Date.now();
    this.#unheard = false;
    const frame = parseFrame(data);
    if (!frame) return;
    switch (frame.type) {
      case "welcome":
        this.#welcomed(frame);
        break;
      case "ok":
      case "backlog":
        this.#settle(frame.re, frame);
        break;
      case "error":
        this.#refused(frame);
        break;
      case "pong":
        if (typeof frame.at === "number") this.clock.sample(frame.at, Date.now(), milliseconds(frame.now));
        break;
      case "beat":
        this.clock.hear(milliseconds(frame.now));
        if (!this.#sameEpoch(frame.epoch)) return;
        // Timers of a hidden page run once a minute; a beat wakes us in time to show that somebody is still here.
        if (Date.now() - this.#pinged_at > this.#rhythm.ping_ms / 2) this.#ping();
        break;
      case "bye":
        this.#bye = frame;
        break;
      default:
        break;
    }
    for (const listener of this.#listeners) listener.frame?.(frame);
  }

  #welcomed(welcome: Welcome): void {
    this.clock.hear(milliseconds(welcome.now));
    if (!this.#sameEpoch(welcome.epoch)) return;
    this.#attempt = 0;
    this.#renew = false;
    this.#bye = null;
    this.#held_until = 0;
    this.#allowance = this.#rhythm.burst;
    this.#allowance_at = Date.now();
    this.#welcome.value = welcome;
    this.#line.value = { state: "open" };
    this.#ping();
    for (const listener of this.#listeners) listener.opened?.(welcome);
    this.#flush();
  }

  /** False when history was lost: everything is forgotten and the line is taken up from the beginning. */
  #sameEpoch(epoch: string | number): boolean {
    const known = this.#epoch;
    this.#epoch = epoch;
    if (known === undefined || known === epoch) return true;
    for (const listener of this.#listeners) listener.historyLost?.();
    this.reopen();
    return false;
  }

  #settle(id: string, answer: Answer): void {
    const parcel = this.outbox.take(id);
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    if (parcel) for (const listener of this.#listeners) listener.settled?.(parcel.frame, answer);
    waiter?.resolve(answer);
    this.#flush();
  }

  #refused(error: ErrorFrame): void {
    const id = error.re;
    const parcel = id ? this.outbox.find(id) : undefined;
    if (error.code === "too_fast" || error.code === "busy") {
      this.#held_until = Date.now() + (error.retry_after_ms ?? TICK_MS);
      if (parcel) delete parcel.sent_at;
      return;
    }
    if (id && parcel) this.#reject(parcel, new Refused(error.code, error.message, error));
  }

  #reject(parcel: Parcel, why: Refused): void {
    const id = parcel.frame.id;
    this.outbox.take(id);
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    for (const listener of this.#listeners) listener.settled?.(parcel.frame, why);
    waiter?.reject(why);
  }

  #giveUp(id: string): void {
    const parcel = this.outbox.find(id);
    if (parcel) this.#reject(parcel, new Refused("offline", "No connection."));
  }

  /** Sends what waits, in order, no faster than the hub allows. */
  #flush(): void {
    const now = Date.now();
    if (this.#line.peek().state !== "open" || now < this.#held_until) return;
    this.#allowance = Math.min(
      this.#rhythm.burst,
      this.#allowance + ((now - this.#allowance_at) / 1000) * this.#rhythm.per_second,
    );
    this.#allowance_at = now;
    for (const parcel of this.outbox.list()) {
      const overdue = parcel.sent_at !== undefined && now - parcel.sent_at > ANSWER_MS;
      if (parcel.sent_at !== undefined && !overdue) continue;
      if (this.#allowance < 1) return;
      this.#allowance -= 1;
      parcel.sent_at = now;
      this.#write(parcel.frame);
    }
  }

  #tick(): void {
    const now = Date.now();
    const line = this.#line.peek();
    if (line.state === "connecting" && this.#socket && now - this.#connecting_since > WELCOME_MS) this.#lost();
    if (line.state !== "open") return;
    if (this.#unheard && now - this.#pinged_at > PONG_MS) this.#lost();
    else if (now - this.#pinged_at >= this.#rhythm.ping_ms) this.#ping();
    this.#flush();
  }

  #ping(): void {
    this.#pinged_at = Date.now();
    this.#unheard = true;
    this.#write({ type: "ping", at: this.#pinged_at });
  }

  #write(frame: ClientFrame): void {
    const socket = this.#socket;
    // A socket that is closing swallows what it gets; the outbox sends it again.
    if (socket && socket.readyState === 1) socket.send(JSON.stringify(frame));
  }

  /** Nothing has closed the line, and nothing comes out of it. */
  #lost(): void {
    this.#letGo();
    this.#closed(1006);
  }

  #closed(code: number): void {
    this.#letGo();
    for (const parcel of this.outbox.unsend()) this.#reject(parcel, new Refused("offline", "No connection."));
    switch (code) {
      case 4001:
        if (this.#renew || !this.#options.token) this.#stop("not_signed_in");
        else {
          this.#renew = true;
          this.#retryIn(0);
        }
        break;
      case 4003:
        this.#stop("forbidden");
        break;
      case 4009:
        this.#stop("replaced");
        break;
      case 4008:
        this.#retryIn(Math.round(this.#random() * 250));
        break;
      case 4010:
        this.#retryIn(BAD_FRAMES_WAIT_MS + this.#nextWait());
        break;
      case 4029:
        this.#retryIn(TOO_FAST_WAIT_MS + this.#nextWait());
        break;
      default:
        this.#retryIn(this.#bye ? this.#bye.retry_after_ms : this.#nextWait());
        this.#bye = null;
    }
  }

  #random(): number {
    return (this.#options.random ?? Math.random)();
  }

  #nextWait(): number {
    return waitBeforeAttempt(this.#attempt, this.#rhythm.spread, () => this.#random());
  }

  #retryIn(wait_ms: number): void {
    this.#attempt += 1;
    this.#line.value = { state: "waiting", attempt: this.#attempt, retry_at: Date.now() + wait_ms };
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => void this.#connect(), wait_ms);
  }

  #stop(why: "not_signed_in" | "forbidden" | "replaced"): void {
    this.#renew = false;
    this.#letGo();
    this.#line.value = { state: "stopped", why };
  }

  #hangUp(): void {
    clearTimeout(this.#retryTimer);
    this.#connection += 1;
    this.#letGo();
    for (const parcel of this.outbox.unsend()) this.#reject(parcel, new Refused("offline", "No connection."));
  }

  #letGo(): void {
    this.#stopTicker?.();
    this.#stopTicker = null;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

function intervalTicker(tick: () => void): () => void {
  const timer = setInterval(tick, TICK_MS);
  return () => clearInterval(timer);
}

/** A frame of the hub, or undefined for what is none. The hub is trusted for the fields of the types it names. */
function parseFrame(data: string): ServerFrame | undefined {
  try {
    const frame: unknown = JSON.parse(data);
    if (typeof frame === "object" && frame !== null && "type" in frame) return frame as ServerFrame;
  } catch {
    // Not JSON: nothing that we know, so nothing that we show.
  }
  return undefined;
}

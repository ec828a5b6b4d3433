/** A hub for tests: the other end of a LiveSocket, speaking when it is told to. */
import type { Board, BoardAgent, ErrorCode, Identified, Message, Meter, ServerFrame, Session } from "../../shared/protocol.ts";
import { LiveSocket } from "../../shared/socket.ts";
import { MemoryShelf, type Shelf } from "../../shared/storage.ts";
import { Desk } from "../desk.ts";

export const ME = "7";
export const CUSTOMER = "70";

export class Hub {
  readonly heard: Identified[] = [];
  readonly hints: { type: string }[] = [];
  readonly socket: LiveSocket;
  readonly desk: Desk;
  #line: {
    readyState?: number;
    onopen?: () => void;
    onmessage?: (event: { data: string }) => void;
    onclose?: (event: { code: number }) => void;
  } = {};

  constructor(shelf: Shelf = new MemoryShelf(), page: Shelf = new MemoryShelf()) {
    this.socket = new LiveSocket({
      url: "ws://hub/ws/staff/",
      side: "staff",
      ticker: () => () => undefined,
      connect: () => this.#connect(),
    });
    this.desk = new Desk({ me: { id: ME, name: "Daan", topics: ["1"] }, socket: this.socket, shelf, page });
  }

  /** Opens the line; with nothing else said, I am online on an empty board. */
  async open(rest: Partial<Board> = {}): Promise<this> {
    this.socket.open();
    await settle();
    this.#line.onopen?.();
    this.says({
      type: "welcome",
      protocol: 1,
      features: [],
      you: { id: ME, kind: "staff", name: "Daan" },
      now: new Date().toISOString(),
      server: "s",
      epoch: "e",
      beat_s: 15,
      sessions: [],
      limits: {},
    });
    this.says(board(1, { full: true, agents: { [ME]: agent() }, ...rest }));
    return this;
  }

  drops(): void {
    this.#line.onclose?.({ code: 1006 });
  }

  says(frame: ServerFrame): void {
    this.#line.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The last request of a type that was sent. */
  last<T extends Identified["type"]>(type: T): Identified & { type: T } {
    const found = this.heard.filter((frame) => frame.type === type).at(-1);
    if (!found) throw new Error(`no ${type} was sent`);
    return found as Identified & { type: T };
  }

  async agrees(type: Identified["type"], more: { seq?: number; staff_seq?: number } = {}): Promise<void> {
    this.says({ type: "ok", re: this.last(type).id, ...more });
    await settle();
  }

  async refuses(type: Identified["type"], code: ErrorCode, by?: string): Promise<void> {
    this.says({ type: "error", re: this.last(type).id, code, message: `${code} it is`, ...(by ? { by } : {}) });
    await settle();
  }

  #connect(): WebSocket {
    const line = {
      readyState: 1,
      send: (text: string) => {
        const frame = JSON.parse(text) as Identified;
        if (frame.id) this.heard.push(frame);
        else this.hints.push(frame);
      },
      close: () => undefined,
    };
    this.#line = line;
    return line as unknown as WebSocket;
  }
}

/** Promises that are ready come through. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
}

export function board(rev: number, rest: Partial<Board> = {}): Board {
  return { type: "board", topic: "1", rev, ...rest };
}

export function agent(more: Partial<BoardAgent> = {}): BoardAgent {
  return { name: "Daan", status: "online", chats: 0, capacity: 4, departments: ["1"], since: null, ...more };
}

export function session(id: string, more: Partial<Session> = {}): Session {
  return {
    type: "session",
    session: id,
    state: "active",
    kind: "chat",
    department: "1",
    opened_at: "2026-11-21T12:00:00Z",
    last_seq: 0,
    read: {},
    agent: { id: ME, name: "Daan" },
    customer: { id: CUSTOMER, name: "Giulia", kind: "customer" },
    ...more,
  };
}

export function said(id: string, seq: number, text: string, kind: "visitor" | "agent" = "visitor"): Message {
  const author = kind === "visitor" ? { id: CUSTOMER, kind, name: "Giulia" } : { id: ME, kind, name: "Daan" };
  return {
    type: "message",
    session: id,
    seq,
    id: `${id}-${seq}`,
    kind: "text",
    author,
    text,
    at: `2026-11-21T12:00:${String(seq).padStart(2, "0")}Z`,
  };
}

export function meter(id: string, more: Partial<Meter> = {}): Meter {
  return {
    type: "meter",
    session: id,
    state: "running",
    price_m: 2000,
    block_s: 60,
    elapsed_s: 10,
    charged_m: 2000,
    balance_m: 58_000,
    available_m: 58_000,
    now: "2026-11-21T12:00:00Z",
    next_charge_at: "2026-11-21T12:00:50Z",
    empty_at: "2026-11-21T12:29:50Z",
    ...more,
  };
}

/** Words for tests: a line one can cut, and frames as the hub sends them. */
import type { ClientFrame, Message, Meter, ServerFrame, Session, Welcome } from "../protocol.ts";

export const AT = Date.UTC(2026, 10, 21, 14, 0, 0);

export function time(offset_s = 0): string {
  return new Date(AT + offset_s * 1000).toISOString();
}

/** A WebSocket whose other end is the test. */
export class FakeLine {
  static readonly all: FakeLine[] = [];
  readyState = 0;
  readonly sent: ClientFrame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly url: string;
  readonly protocols: string[];

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
    FakeLine.all.push(this);
  }

  static get last(): FakeLine {
    return FakeLine.all.at(-1)!;
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as ClientFrame);
  }

  close(): void {
    this.readyState = 3;
  }

  // --- what the hub does ---

  opens(): this {
    this.readyState = 1;
    this.onopen?.();
    return this;
  }

  says(frame: ServerFrame): this {
    this.onmessage?.({ data: JSON.stringify(frame) });
    return this;
  }

  welcomes(more: Partial<Welcome> = {}): this {
    return this.opens().says(welcome(more));
  }

  breaks(code = 1006): this {
    this.readyState = 3;
    this.onclose?.({ code });
    return this;
  }

  /** What the client sent of a type. */
  heard<Type extends ClientFrame["type"]>(type: Type): Extract<ClientFrame, { type: Type }>[] {
    return this.sent.filter((frame): frame is Extract<ClientFrame, { type: Type }> => frame.type === type);
  }
}

export function dial(url: string, protocols: string[]): WebSocket {
  return new FakeLine(url, protocols) as unknown as WebSocket;
}

export function welcome(more: Partial<Welcome> = {}): Welcome {
  return {
    type: "welcome", protocol: 1, features: [], you: { id: "7", kind: "customer", name: "Sanne" }, now: time(), server: "s", epoch: "e1",
    beat_s: 15, sessions: [], limits: {}, ...more,
  };
}

export function session(more: Partial<Session> = {}): Session {
  return {
    type: "session", session: "S", state: "active", kind: "chat", department: "1", opened_at: time(), last_seq: 0, read: {}, ...more,
  };
}

export function message(seq: number, text: string, more: Partial<Message> = {}): Message {
  return {
    type: "message", session: "S", seq, id: `id-${seq}`, kind: "text", author: { id: "9", kind: "agent", name: "Daan" }, text,
    at: time(seq), ...more,
  };
}

export function change(seq: number, type: "edited" | "deleted", of: number, text?: string): Message {
  return message(seq, "", { kind: "event", text: null, event: { type, of, ...(text === undefined ? {} : { text }) } });
}

export function meter(more: Partial<Meter> = {}): Meter {
  return {
    type: "meter", session: "S", state: "running", price_m: 2000, block_s: 60, elapsed_s: 90, charged_m: 4000, balance_m: 20_000,
    available_m: 20_000, now: time(), next_charge_at: time(30), empty_at: time(630), ...more,
  };
}

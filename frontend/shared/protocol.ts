/**
 * The live protocol, version 1, as the clients use it.
 *
 * Source of truth: the frames in `chat/wire/`. Every field that the server may leave out is optional here, and what is
 * unknown is ignored. A test holds these types against those made from the server's schema (protocol.generated.d.ts).
 */

/** Times on the wire: RFC 3339 text. */
export type Time = string;

export type Side = "visitor" | "staff";
export type SessionState = "queued" | "offered" | "active" | "waiting" | "ended";
export type WaitingReason = "payment" | "handover" | "customer_away" | "agent_away" | "grace";
export type EndReason = "customer" | "agent" | "inactive" | "empty" | "left_queue" | "error";
export type MeterState = "ready" | "free" | "running" | "paused" | "grace" | "ended";
export type MessageKind = "text" | "file" | "note" | "whisper" | "event";
export type AuthorKind = "visitor" | "agent" | "bot" | "system";
export type PresenceStatus = "online" | "away" | "busy" | "offline";
export type PurchaseStatus = "open" | "pending" | "paid" | "failed" | "cancelled" | "expired";
export type Solved = "yes" | "partly" | "no";

export type ErrorCode =
  | "bad_frame" | "too_large" | "too_fast" | "not_found" | "forbidden" | "taken" | "no_credits"
  | "closed_hours" | "ended" | "conflict" | "busy" | "internal";

export interface Author {
  /** Null for the system. */
  readonly id: string | null;
  readonly kind: AuthorKind;
  readonly name: string;
}

export interface ChatFile {
  readonly id: string;
  readonly name: string;
  readonly size?: number;
  readonly type?: string;
  /** Without one while it may not be had; `state` says why: checking, refused, gone. */
  readonly url?: string | null;
  readonly preview_url?: string | null;
  readonly state?: string | null;
  readonly width?: number | null;
  readonly height?: number | null;
}

/** A transcript event. `of` and `text` belong to `edited` and `deleted`; other types carry what their name needs. */
export interface ChatEvent {
  readonly type: string;
  readonly of?: number;
  readonly text?: string | null;
  readonly [detail: string]: unknown;
}

// --- from the server -------------------------------------------------------------------------------------------------

export interface Limits {
  readonly frame_bytes: number;
  readonly text_characters: number;
  readonly burst: number;
  readonly per_second: number;
  readonly backlog: number;
  readonly edit_window_s: number;
  readonly reopen_window_s: number;
  /** How long either side may be silent before the meter stops (M5). */
  readonly customer_away_s: number;
  readonly staff_away_s: number;
}

export interface Welcome {
  readonly type: "welcome";
  readonly protocol: number;
  readonly features: readonly string[];
  readonly you: { readonly id: string; readonly kind: string; readonly name: string };
  readonly now: Time;
  readonly server: string;
  readonly epoch: string | number;
  readonly beat_s: number;
  readonly sessions: readonly string[];
  readonly limits: Readonly<Partial<Limits>>;
}

export interface Ok {
  readonly type: "ok";
  readonly re: string;
  readonly seq?: number | null;
  readonly staff_seq?: number | null;
  readonly at?: Time | null;
  readonly session?: string | null;
  readonly state?: SessionState | null;
  readonly reason?: string | null;
  readonly status?: PresenceStatus | null;
  readonly capacity?: number | null;
  readonly ticket?: string | null;
  readonly offer?: string | null;
}

export interface ErrorFrame {
  readonly type: "error";
  readonly re?: string | null;
  readonly code: ErrorCode;
  readonly message: string;
  readonly retry_after_ms?: number | null;
  /** With `taken`: who has it. */
  readonly by?: string | null;
  /** With `conflict`: the price of now, or the session that is live already. */
  readonly price_m?: number | null;
  readonly block_s?: number | null;
  readonly free_s?: number | null;
  readonly minimum_blocks?: number | null;
  readonly session?: string | null;
  readonly reference?: string | null;
}

export interface Message {
  readonly type: "message";
  readonly session: string;
  readonly seq?: number | null;
  readonly staff_seq?: number | null;
  readonly id: string;
  readonly kind: MessageKind;
  readonly author: Author;
  readonly text?: string | null;
  readonly files?: readonly ChatFile[] | null;
  readonly event?: ChatEvent | null;
  readonly at: Time;
  readonly edited_at?: Time | null;
  readonly deleted_at?: Time | null;
  readonly reply_to?: number | null;
}

export interface Pause {
  readonly reason: string;
  readonly seconds: number;
}

export interface Summary {
  readonly elapsed_s: number;
  readonly free_s: number;
  readonly charged_m: number;
  readonly paused: readonly Pause[];
  readonly settled?: boolean;
}

export interface Party {
  readonly id: string;
  readonly name: string;
}

export interface Computer {
  readonly brand?: string;
  readonly model?: string;
  readonly system?: string;
}

/** The customer as staff see them beside a session (C15). */
export interface Customer extends Party {
  readonly kind: string;
  readonly login?: string;
  readonly email?: string;
  readonly mobile?: string;
  readonly language?: string;
  readonly vip?: boolean;
  readonly organisation?: string;
  readonly computer?: Computer;
  readonly wallet?: string;
}

/** What the visitor's browser told (C15). */
export interface Page {
  readonly url?: string;
  readonly title?: string;
  readonly referrer?: string;
  readonly language?: string;
  readonly browser?: string;
  readonly system?: string;
}

/** Owed by the agent until then; counts as busy for routing (C12). */
export interface Wrapup {
  readonly until?: Time;
  readonly outcome?: string;
  readonly tags?: readonly string[];
  readonly next?: string;
}

export interface Session {
  readonly type: "session";
  readonly session: string;
  readonly state: SessionState;
  readonly kind: "chat" | "phone";
  readonly department: string;
  readonly opened_at: Time;
  readonly last_seq: number;
  readonly read: Readonly<Record<string, number>>;
  readonly reason?: WaitingReason | null;
  readonly subject?: string | null;
  readonly agent?: Party | null;
  readonly started_at?: Time | null;
  readonly ended_at?: Time | null;
  readonly end_reason?: EndReason | null;
  readonly reopen_until?: Time | null;
  readonly place_until?: Time | null;
  /** While waiting for payment or in grace: what it lacks. */
  readonly short_of?: "balance" | "limit" | null;
  /** The manager was asked for a higher limit, and has not answered. */
  readonly limit_asked?: boolean;
  readonly price_m?: number | null;
  readonly block_s?: number | null;
  readonly free_s?: number | null;
  readonly most_to_spend_m?: number | null;
  readonly summary?: Summary | null;
  readonly rating?: number | null;
  readonly solved?: string | null;
  /** The number of the last ticket that it became. */
  readonly ticket?: string | null;
  // staff only
  readonly last_staff_seq?: number | null;
  readonly customer?: Customer | null;
  readonly page?: Page | null;
  readonly fields?: Readonly<Record<string, string | number | boolean | null>> | null;
  readonly wrapup?: Wrapup | null;
}

export interface Queue {
  readonly type: "queue";
  readonly session: string;
  readonly position: number;
  readonly wait_s?: number | null;
  readonly agents: number;
}

export interface Meter {
  readonly type: "meter";
  readonly session: string;
  readonly state: MeterState;
  readonly reason?: string | null;
  /** Minutes left, when there are few. */
  readonly low?: number | null;
  /** Without for a VIP, who is shown neither prices nor charges (P12). */
  readonly price_m?: number | null;
  readonly block_s: number;
  readonly elapsed_s: number;
  readonly charged_m?: number | null;
  readonly balance_m?: number | null;
  readonly available_m?: number | null;
  /** What a member with a limit may still spend this month. */
  readonly limit_left_m?: number | null;
  readonly next_charge_at?: Time | null;
  readonly empty_at?: Time | null;
  readonly stops_by?: "balance" | "most_to_spend" | "limit" | null;
  readonly grace_until?: Time | null;
  readonly now: Time;
}

export interface Beat {
  readonly type: "beat";
  readonly now: Time;
  readonly epoch: string | number;
  /** id → last_seq, as PostgreSQL has it. */
  readonly sessions: Readonly<Record<string, number>>;
  /** Staff: the same for what only staff see. */
  readonly last_staff_seq?: Readonly<Record<string, number>> | null;
}

export interface Typing {
  readonly type: "typing";
  readonly session: string;
  readonly who: string;
  readonly on: boolean;
}

export interface Read {
  readonly type: "read";
  readonly session: string;
  readonly who: string;
  readonly seq: number;
}

export interface Pong {
  readonly type: "pong";
  readonly at?: unknown;
  readonly now: Time;
}

export interface Backlog {
  readonly type: "backlog";
  readonly re: string;
  readonly session: string;
  readonly messages: readonly Message[];
  readonly more: boolean;
}

export interface Offer {
  readonly type: "session.offer";
  readonly session: string;
  readonly expires_at: Time;
}

/** How a purchase of the reader's stands now. */
export interface PurchaseNews {
  readonly type: "purchase";
  readonly purchase: string;
  readonly status: PurchaseStatus;
  readonly credits: number;
}

export interface BoardMeter {
  readonly state: MeterState;
  /** Without for a VIP (P12). */
  readonly price_m?: number;
  readonly block_s: number;
  readonly elapsed_s: number;
  readonly charged_m?: number;
  readonly now: Time;
  readonly free_s?: number;
  readonly reason?: string;
  readonly next_charge_at?: Time;
}

export interface BoardQueued {
  readonly department: string;
  readonly name: string;
  readonly state: SessionState;
  readonly since: Time | null;
  readonly vip?: boolean;
  readonly subject?: string;
  readonly language?: string;
  readonly reason?: WaitingReason;
  readonly offered_to?: Party;
  readonly expires_at?: Time;
}

export interface BoardSession {
  readonly department: string;
  readonly name: string;
  readonly state: SessionState;
  readonly agent: Party | null;
  readonly since: Time | null;
  readonly reason?: WaitingReason;
  readonly started_at?: Time;
  readonly meter?: BoardMeter;
}

export interface BoardAgent {
  readonly name: string;
  readonly status: PresenceStatus;
  readonly chats: number;
  readonly capacity: number;
  readonly departments: readonly string[];
  readonly since: Time | null;
}

/** Rows by id; null is gone. A row is always whole. */
export type BoardPart<Row> = Readonly<Record<string, Row | null>>;

export interface Board {
  readonly type: "board";
  readonly topic: string;
  readonly rev: number;
  readonly full?: boolean | null;
  readonly queue?: BoardPart<BoardQueued> | null;
  readonly sessions?: BoardPart<BoardSession> | null;
  readonly agents?: BoardPart<BoardAgent> | null;
}

export interface Notice {
  readonly type: "notice";
  readonly kind: string;
  readonly text: string;
  readonly link?: string | null;
}

export interface Bye {
  readonly type: "bye";
  readonly reason: string;
  readonly retry_after_ms: number;
}

export type ServerFrame =
  | Welcome | Ok | ErrorFrame | Message | Session | Queue | Meter | Beat | Typing | Read | Pong | Backlog | Offer | Board
  | Notice | PurchaseNews | Bye;

// --- to the server ---------------------------------------------------------------------------------------------------

export interface ResumePoint {
  readonly session: string;
  readonly after_seq: number;
  readonly after_staff_seq?: number;
}

/** What a price looks like before a session has a meter. */
export interface Price {
  readonly price_m: number;
  readonly block_s: number;
  readonly free_s: number;
  readonly minimum_blocks: number;
}

/** Requests: the socket gives each an `id` and resends it until it is answered. */
export type Request =
  | { type: "message.send"; session: string; text: string; files?: string[]; kind?: "note" | "whisper"; reply_to?: number }
  | { type: "message.edit"; session: string; seq: number; text: string }
  | { type: "message.delete"; session: string; seq: number }
  | { type: "backlog"; session: string; after_seq?: number; before_seq?: number; after_staff_seq?: number; limit: number }
  | {
      type: "session.start"; department?: string; subject?: string; text?: string; fields?: Record<string, string>;
      page?: Page; price_m?: number; block_s?: number; free_s?: number; minimum_blocks?: number; most_to_spend_m?: number;
    }
  | { type: "session.end"; session: string; reason?: string }
  | { type: "session.reopen"; session: string }
  | { type: "limit.ask"; session: string }
  | { type: "session.rate"; session: string; score: number; solved?: Solved; comment?: string }
  | { type: "presence.set"; status: PresenceStatus; capacity?: number }
  | { type: "session.accept" | "session.decline"; session: string }
  | { type: "escalate"; session: string; to: "ticket"; department?: string; subject?: string; note?: string; email?: string; again?: boolean }
  | { type: "session.wrapup"; session: string; outcome: string; tags?: string[]; next?: string }
  | { type: "meter.pause" | "meter.resume"; session: string; reason?: string }
  | { type: "meter.grant"; session: string; seconds: number; reason: string }
  | { type: "meter.waive"; session: string; blocks?: number; reason: string }
  | { type: "board.subscribe" | "board.unsubscribe"; topic: string };

export type Identified = Request & { readonly id: string };

/** Frames without an answer; they go out when the line is open and are forgotten when it is not. */
export type Hint =
  | { type: "typing"; session: string; on: boolean }
  | { type: "read"; session: string; seq: number };

export type ClientFrame =
  | { type: "hello"; protocol: 1; resume: ResumePoint[] }
  | { type: "ping"; at?: number }
  | Identified
  | Hint;

/** Milliseconds of a wire time. */
export function milliseconds(time: Time): number {
  return Date.parse(time);
}

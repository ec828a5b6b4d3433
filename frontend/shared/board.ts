/**
 * The board as a page knows it: rows by topic, brought up to date by differences (D2).
 *
 * A difference fits only on the revision before it. When one is missing the topic is blind until the hub sends it whole
 * again; its last rows stay on the screen meanwhile, since an old figure says more than none.
 */
import type { Board, BoardAgent, BoardMeter, BoardPart, BoardQueued, BoardSession } from "./protocol.ts";
import { milliseconds } from "./protocol.ts";

export type Rows<Row> = Readonly<Record<string, Row>>;

export interface BoardRows {
  readonly queue: Rows<BoardQueued>;
  readonly sessions: Rows<BoardSession>;
  readonly agents: Rows<BoardAgent>;
}

export interface Topic extends BoardRows {
  /** Null while the topic waits to be sent whole. */
  readonly rev: number | null;
}

export type Topics = Readonly<Record<string, Topic>>;

export const NO_ROWS: BoardRows = { queue: {}, sessions: {}, agents: {} };

/** `missed`: the hub must be asked for the whole topic (board.subscribe). Asked once: later differences do not repeat it. */
export interface BoardStep {
  readonly topics: Topics;
  readonly missed: boolean;
}

export function applyBoard(topics: Topics, frame: Board): BoardStep {
  const known = topics[frame.topic];
  if (frame.full) return { topics: { ...topics, [frame.topic]: change(NO_ROWS, frame) }, missed: false };
  if (!known || known.rev === null || frame.rev <= known.rev) return { topics, missed: false };
  if (frame.rev !== known.rev + 1) return { topics: { ...topics, [frame.topic]: { ...known, rev: null } }, missed: true };
  return { topics: { ...topics, [frame.topic]: change(known, frame) }, missed: false };
}

function change(rows: BoardRows, frame: Board): Topic {
  return {
    rev: frame.rev,
    queue: merge(rows.queue, frame.queue),
    sessions: merge(rows.sessions, frame.sessions),
    agents: merge(rows.agents, frame.agents),
  };
}

function merge<Row>(rows: Rows<Row>, part: BoardPart<Row> | null | undefined): Rows<Row> {
  if (!part) return rows;
  const merged: Record<string, Row> = { ...rows };
  for (const [id, row] of Object.entries(part)) {
    if (row === null) delete merged[id];
    else merged[id] = row;
  }
  return merged;
}

/** The line is new: what was known may be old, so every topic must come whole again. */
export function blindTopics(topics: Topics): Topics {
  return Object.fromEntries(Object.entries(topics).map(([name, topic]) => [name, { ...topic, rev: null }]));
}

/** All topics in one. A row that stands in two topics (an agent of two departments) is the same row. */
export function joinTopics(topics: Topics): BoardRows {
  const all = Object.values(topics);
  const only = all[0];
  if (all.length === 1 && only) return only;
  return {
    queue: Object.assign({}, ...all.map((topic) => topic.queue)) as Rows<BoardQueued>,
    sessions: Object.assign({}, ...all.map((topic) => topic.sessions)) as Rows<BoardSession>,
    agents: Object.assign({}, ...all.map((topic) => topic.agents)) as Rows<BoardAgent>,
  };
}

export type Queued = BoardQueued & { readonly id: string };

/** Who waits, VIP first, then by waiting time (C4). */
export function queueInOrder(rows: BoardRows): readonly Queued[] {
  return Object.entries(rows.queue)
    .map(([id, row]) => ({ ...row, id }))
    .sort((a, b) => Number(b.vip ?? false) - Number(a.vip ?? false) || sinceMs(a) - sinceMs(b) || (a.id < b.id ? -1 : 1));
}

export function sinceMs(row: { readonly since: string | null }): number {
  return row.since === null ? Number.POSITIVE_INFINITY : milliseconds(row.since);
}

export function waitedSeconds(row: { readonly since: string | null }, now_ms: number): number {
  return row.since === null ? 0 : Math.max(0, (now_ms - milliseconds(row.since)) / 1000);
}

/** Active seconds of a session on the board: they tick from the row's own time, without traffic. */
export function boardElapsedSeconds(meter: BoardMeter, now_ms: number): number {
  const runs = meter.state === "running" || meter.state === "free";
  return meter.elapsed_s + (runs ? Math.max(0, now_ms - milliseconds(meter.now)) / 1000 : 0);
}

/** Charged until now (nothing for a VIP, P12): each block is charged when it begins (M2), also while no frame says so. */
export function boardChargedM(meter: BoardMeter, now_ms: number): number {
  const { charged_m = 0, price_m = 0 } = meter;
  if (meter.state !== "running" || !meter.next_charge_at) return charged_m;
  const late_ms = now_ms - milliseconds(meter.next_charge_at);
  return late_ms < 0 ? charged_m : charged_m + price_m * (Math.floor(late_ms / 1000 / meter.block_s) + 1);
}

/** What the running meters bring in, per minute. */
export function ratePerMinuteM(sessions: Iterable<BoardSession>): number {
  let rate_m = 0;
  for (const { meter } of sessions) {
    if (meter?.state === "running" && meter.block_s > 0) rate_m += ((meter.price_m ?? 0) * 60) / meter.block_s;
  }
  return rate_m;
}

/** The figures of the board, from its rows and the time. Values in, values out. */
import { ageOf, type Age, type AgeLimits } from "../shared/age.ts";
import { type BoardRows, ratePerMinuteM, waitedSeconds } from "../shared/board.ts";
import type { BoardAgent, BoardQueued, BoardSession, PresenceStatus } from "../shared/protocol.ts";

export interface Longest {
  readonly seconds: number;
  readonly department: string;
}

export interface Figures {
  readonly waiting: number;
  readonly waiting_by_age: Readonly<Record<Age, number>>;
  readonly waiting_departments: number;
  readonly longest: Longest | undefined;
  readonly running: number;
  /** Seats of those who are online and could take one more now. */
  readonly room: number;
  readonly rate_m: number;
}

/** Somebody who tops up keeps a place, but does not wait for us. */
export function waitsForUs(row: BoardQueued): boolean {
  return row.reason !== "payment";
}

export function figuresOf(rows: BoardRows, now_ms: number, limits: AgeLimits): Figures {
  const waiting = Object.values(rows.queue).filter(waitsForUs);
  const waiting_by_age: Record<Age, number> = { fresh: 0, ageing: 0, overdue: 0 };
  for (const row of waiting) waiting_by_age[ageOf(waitedSeconds(row, now_ms), limits)] += 1;
  const sessions = Object.values(rows.sessions);
  return {
    waiting: waiting.length,
    waiting_by_age,
    waiting_departments: new Set(waiting.map((row) => row.department)).size,
    longest: longestOf(waiting, now_ms),
    running: sessions.length,
    room: roomOf(Object.values(rows.agents)),
    rate_m: ratePerMinuteM(sessions),
  };
}

function longestOf(waiting: readonly BoardQueued[], now_ms: number): Longest | undefined {
  let longest: Longest | undefined;
  for (const row of waiting) {
    const seconds = waitedSeconds(row, now_ms);
    if (!longest || seconds > longest.seconds) longest = { seconds, department: row.department };
  }
  return longest;
}

function roomOf(agents: readonly BoardAgent[]): number {
  return agents.reduce((room, agent) => room + (agent.status === "online" ? Math.max(0, agent.capacity - agent.chats) : 0), 0);
}

export interface DepartmentLine {
  readonly id: string;
  readonly name: string;
  readonly waiting: number;
  readonly longest_s: number | undefined;
  readonly chats: number;
  readonly room: number;
  readonly rate_m: number;
}

/** One line per department that is followed or has something going on, in the order of `names`. */
export function departmentLines(
  rows: BoardRows,
  names: Readonly<Record<string, string>>,
  followed: readonly string[],
  now_ms: number,
): readonly DepartmentLine[] {
  const all = followed.includes("all");
  return Object.entries(names)
    .filter(([id]) => all || followed.includes(id))
    .map(([id, name]) => {
      const waiting = Object.values(rows.queue).filter((row) => row.department === id && waitsForUs(row));
      const sessions = Object.values(rows.sessions).filter((row) => row.department === id);
      const agents = Object.values(rows.agents).filter((row) => row.departments.includes(id));
      return {
        id,
        name,
        waiting: waiting.length,
        longest_s: longestOf(waiting, now_ms)?.seconds,
        chats: sessions.length,
        room: roomOf(agents),
        rate_m: ratePerMinuteM(sessions),
      };
    });
}

const ORDER: readonly PresenceStatus[] = ["online", "busy", "away", "offline"];

export type Colleague = BoardAgent & { readonly id: string };

export function staffInOrder(rows: BoardRows): readonly Colleague[] {
  return Object.entries(rows.agents)
    .map(([id, row]) => ({ ...row, id }))
    .sort((one, other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status) || one.name.localeCompare(other.name));
}

export function countByStatus(staff: readonly Colleague[]): Readonly<Record<PresenceStatus, number>> {
  const counts: Record<PresenceStatus, number> = { online: 0, busy: 0, away: 0, offline: 0 };
  for (const { status } of staff) counts[status] += 1;
  return counts;
}

export type Running = BoardSession & { readonly id: string };

/** What needs an eye first: sessions that stand still, then the longest. */
export function sessionsInOrder(rows: BoardRows): readonly Running[] {
  return Object.entries(rows.sessions)
    .map(([id, row]) => ({ ...row, id }))
    .sort(
      (one, other) =>
        Number(other.state === "waiting") - Number(one.state === "waiting") || ((one.since ?? "") < (other.since ?? "") ? -1 : 1),
    );
}

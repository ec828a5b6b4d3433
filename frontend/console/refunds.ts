/** Credits that go back after a chat (M6): who asks for them, and giving them. Over HTTP, since chats that are over are on no socket. */
import { signal } from "@preact/signals";

import { ask, Problem } from "../shared/http.ts";
import type { Session, Time } from "../shared/protocol.ts";

import { loadDetails } from "./history.ts";

/** The codes of the hub (credits/refunds.py). `other` goes with words. */
export const REASONS = ["not_solved", "quality", "outage", "mistake", "goodwill", "other"] as const;
export type Reason = (typeof REASONS)[number];

/** What may be given back of a chat; `alone_m` is how much of it by oneself, null without a limit. */
export interface Room {
  readonly left_m: number;
  readonly alone_m: number | null;
  readonly waiting_m: number;
}

export interface RefundRequest extends Session {
  readonly charged_m?: number | null;
  readonly refund_asked_at?: Time | null;
}

/** The chats whose customer asks for the credits back, the oldest first; undefined until they are known. */
export const requests = signal<readonly RefundRequest[] | undefined>(undefined);

let asked = 0;

export async function loadRequests(): Promise<void> {
  const turn = ++asked;
  try {
    const answer = await ask<{ readonly results: readonly RefundRequest[] }>("/api/v1/refund-requests/");
    if (turn === asked) requests.value = answer.results;
  } catch {
    // What was known stays; the next chat that ends, or the next look at this page, asks again.
  }
}

export interface Gift {
  readonly session: string;
  readonly amount_m: number;
  readonly reason: Reason;
  readonly text: string;
  /** The same form sent twice is one refund. */
  readonly key: string;
  readonly csrf: string;
}

/** Whether it was given; false: it is more than I may give, and waits for a second person. */
export async function giveBack(gift: Gift, alone: boolean): Promise<boolean> {
  const { session, amount_m, reason, text, key, csrf } = gift;
  const url = `/api/v1/sessions/${encodeURIComponent(session)}/refund/`;
  const headers = { "Idempotency-Key": key, "X-CSRFToken": csrf };
  const why = reason === "other" ? text : reason;
  try {
    if (alone) {
      await ask(url, { method: "POST", body: { amount_m, reason: why }, headers });
      return true;
    }
    await ask(`${url}ask/`, { method: "POST", body: { amount_m, reason, text }, headers });
    return false;
  } finally {
    await refresh(session);
  }
}

export async function declineRequest(session: string, reason: string, csrf: string): Promise<void> {
  try {
    const url = `/api/v1/sessions/${encodeURIComponent(session)}/refund/decline/`;
    await ask(url, { method: "POST", body: { reason }, headers: { "X-CSRFToken": csrf } });
  } finally {
    await refresh(session);
  }
}

/** Refused because a colleague was faster, or the limit was lowered since: what is on the screen is old. */
export function isOutdated(why: unknown): boolean {
  return why instanceof Problem && (why.status === 409 || why.status === 403);
}

async function refresh(session: string): Promise<void> {
  await Promise.all([loadRequests(), loadDetails(session)]);
}

/** What the API knows of a chat beyond its frames: the wallet and earlier chats. Asked for when a chat is opened. */
import { signal } from "@preact/signals";

import { ask } from "../shared/http.ts";
import type { Customer, Page, Time } from "../shared/protocol.ts";
import { uuid7 } from "../shared/uuid.ts";

import type { Room } from "./refunds.ts";

export interface WalletView {
  readonly id: string;
  readonly balance_m: number;
  readonly available_m: number;
}

export interface PastChat {
  readonly session: string;
  readonly subject?: string | null;
  readonly ended_at?: Time | null;
  readonly charged_m?: number | null;
  readonly rating?: number | null;
  readonly agent?: { readonly id: string; readonly name: string } | null;
}

export interface Details {
  readonly wallet?: WalletView | null;
  readonly browser?: Page | null;
  readonly past?: readonly PastChat[];
  readonly subject?: string | null;
  readonly customer?: Customer | null;
  /** To who may give credits of this chat back. */
  readonly refund?: Room;
  readonly refund_asked_at?: Time | null;
}

export type Loaded =
  | { readonly state: "loading" }
  | { readonly state: "here"; readonly details: Details }
  | { readonly state: "failed"; readonly why: unknown };

const known = signal<ReadonlyMap<string, Loaded>>(new Map());

export function detailsOf(session: string): Loaded | undefined {
  return known.value.get(session);
}

export async function loadDetails(session: string): Promise<void> {
  if (!known.peek().has(session)) set(session, { state: "loading" });
  try {
    set(session, { state: "here", details: await ask<Details>(`/api/v1/sessions/${encodeURIComponent(session)}/`) });
  } catch (why) {
    // What was known stays: an old balance says more than none.
    if (known.peek().get(session)?.state !== "here") set(session, { state: "failed", why });
  }
}

/** Whether I may give credits of this chat back, as far as it is known here. */
export function hasRefund(session: string): boolean {
  const loaded = detailsOf(session);
  return loaded?.state === "here" && Boolean(loaded.details.refund);
}

/** Whether its customer asks for them, and nobody has answered yet. */
export function isAskedBack(session: string): boolean {
  const loaded = detailsOf(session);
  return loaded?.state === "here" && Boolean(loaded.details.refund_asked_at);
}

/** Adds credits to a wallet. The key makes a second try of the same form the same transfer (L2). */
export async function addCredits(wallet: string, amount_m: number, reason: string, key: string, csrf: string): Promise<void> {
  await ask(`/api/v1/wallets/${encodeURIComponent(wallet)}/adjust/`, {
    method: "POST",
    body: { amount_m, reason },
    headers: { "Idempotency-Key": key, "X-CSRFToken": csrf },
  });
}

export function newKey(): string {
  return uuid7();
}

function set(session: string, loaded: Loaded): void {
  known.value = new Map(known.peek()).set(session, loaded);
}

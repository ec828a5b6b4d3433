/**
 * The live meter: from the last `meter` frame and the server's time of now to what stands on the screen (M3). Both sides use it, so both
 * read the same figures. It counts on between two frames (a block is charged when it begins, M2) and never past what the hub
 * has said: not beyond `empty_at`, and not while the line is down, for then nobody knows.
 */
import { type Meter, milliseconds, type Price } from "./protocol.ts";

/** Minutes left at which both sides are warned (M4). */
export const WARN_AT_MINUTES = [5, 2, 1] as const;

export type MeterLook = "run" | "free" | "low" | "paused" | "out" | "ready" | "ended";

export interface MeterReading {
  readonly state: Meter["state"];
  readonly look: MeterLook;
  readonly reason: string | null;
  readonly elapsed_s: number;
  /** Undefined where charges are not shown (VIP). */
  readonly charged_m: number | undefined;
  /** Undefined where no balance is shown (VIP, chats without a price). */
  readonly available_m: number | undefined;
  readonly balance_m: number | undefined;
  /** Seconds of credit left; undefined when nothing limits them. */
  readonly left_s: number | undefined;
  /** What is left of what there was, 0 to 100, for the ring. */
  readonly left_percent: number;
  readonly grace_left_s: number | undefined;
  readonly stops_by: Meter["stops_by"];
  /** 0 where nothing is charged or the price is not shown. */
  readonly price_m: number;
  readonly block_s: number;
}

/** `frozen_at`: the server's time at which the line was lost; the figures of then are shown. */
export function readMeter(meter: Meter, now_ms: number, frozen_at?: number): MeterReading {
  const at = Math.max(milliseconds(meter.now), frozen_at === undefined ? now_ms : Math.min(now_ms, frozen_at));
  const ticks = meter.state === "running" || meter.state === "free";
  const spent_m = ticks ? chargedSince(meter, at) : 0;
  const available_m = typeof meter.available_m === "number" ? Math.max(0, meter.available_m - spent_m) : undefined;
  const left_s = secondsLeft(meter, at, available_m);
  const charged_m = typeof meter.charged_m === "number" ? meter.charged_m + spent_m : undefined;
  return {
    state: meter.state,
    look: lookOf(meter, left_s, frozen_at !== undefined),
    reason: meter.reason ?? null,
    elapsed_s: meter.elapsed_s + (ticks ? Math.max(0, (at - milliseconds(meter.now)) / 1000) : 0),
    charged_m,
    available_m,
    balance_m: typeof meter.balance_m === "number" ? Math.max(0, meter.balance_m - spent_m) : undefined,
    left_s,
    left_percent: percentLeft(meter, left_s, charged_m ?? 0),
    grace_left_s: meter.grace_until ? Math.max(0, (milliseconds(meter.grace_until) - at) / 1000) : undefined,
    stops_by: meter.stops_by,
    price_m: priceOf(meter),
    block_s: meter.block_s,
  };
}

/** The warning that a reading calls for: 5, 2 or 1 minutes; undefined when there is time enough or none is running. */
export function warningOf(reading: MeterReading): number | undefined {
  if (reading.left_s === undefined || (reading.state !== "running" && reading.state !== "free")) return undefined;
  const left_s = reading.left_s;
  return [...WARN_AT_MINUTES].reverse().find((minutes) => left_s <= minutes * 60);
}

/** How long an amount lasts at a price: whole blocks and the free seconds before them. Undefined when it costs nothing. */
export function secondsFor(available_m: number, price: Price): number | undefined {
  if (price.price_m <= 0 || price.block_s <= 0) return undefined;
  return price.free_s + Math.floor(available_m / price.price_m) * price.block_s;
}

/** What the first charge takes: C2 asks for all of the minimum blocks at once. */
export function neededToStart(price: Price): number {
  return price.price_m * Math.max(1, price.minimum_blocks);
}

function priceOf(meter: Meter): number {
  return meter.price_m ?? 0;
}

/** Blocks that began after the frame was made, as far as the credit reaches. */
function chargedSince(meter: Meter, at: number): number {
  if (!meter.next_charge_at || priceOf(meter) <= 0 || meter.block_s <= 0) return 0;
  const late_ms = at - milliseconds(meter.next_charge_at);
  if (late_ms < 0) return 0;
  const due = Math.floor(late_ms / (meter.block_s * 1000)) + 1;
  if (typeof meter.available_m !== "number") return due * priceOf(meter);
  return Math.min(due, Math.floor(meter.available_m / priceOf(meter))) * priceOf(meter);
}

function secondsLeft(meter: Meter, at: number, available_m: number | undefined): number | undefined {
  if (meter.state === "grace") return 0;
  if (meter.empty_at) return Math.max(0, (milliseconds(meter.empty_at) - at) / 1000);
  if (available_m === undefined || priceOf(meter) <= 0 || meter.state === "ended") return undefined;
  return Math.floor(available_m / priceOf(meter)) * meter.block_s;
}

function lookOf(meter: Meter, left_s: number | undefined, frozen: boolean): MeterLook {
  if (meter.state === "grace") return "out";
  if (frozen || meter.state === "paused") return "paused";
  if (meter.state === "running" && left_s !== undefined && left_s <= WARN_AT_MINUTES[0] * 60) return "low";
  if (meter.state === "running") return "run";
  return meter.state;
}

function percentLeft(meter: Meter, left_s: number | undefined, charged_m: number): number {
  if (left_s === undefined) return 100;
  const used_s = priceOf(meter) > 0 ? (charged_m / priceOf(meter)) * meter.block_s : 0;
  const whole_s = left_s + used_s;
  return whole_s > 0 ? (100 * left_s) / whole_s : 0;
}

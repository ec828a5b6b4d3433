import type { Identified } from "./protocol.ts";
import { keep, recall, type Shelf } from "./storage.ts";

/** More unanswered requests than a person can make; past it the newest is refused instead of memory growing. */
export const OUTBOX_MAX = 300;

export interface Parcel {
  readonly frame: Identified;
  /** Survives a reload of the page; for what a person typed. */
  readonly durable: boolean;
  /** Dropped when the line breaks; for questions whose answer a new line brings by itself. */
  readonly fleeting: boolean;
  /** Local time of the last sending on this line; undefined while it waits for a line or its turn. */
  sent_at?: number;
}

/**
 * What was asked and not yet answered, in the order of asking. Durable parcels are on the shelf before they are sent,
 * so that text that was typed is never lost; they go out again with the same id, which makes sending twice harmless.
 */
export class Outbox {
  readonly #parcels = new Map<string, Parcel>();
  readonly #shelf: Shelf;
  readonly #key: string;

  constructor(shelf: Shelf, key: string) {
    this.#shelf = shelf;
    this.#key = key;
    for (const frame of readFrames(recall(shelf, key))) {
      this.#parcels.set(frame.id, { frame, durable: true, fleeting: false });
    }
  }

  get size(): number {
    return this.#parcels.size;
  }

  isFull(): boolean {
    return this.#parcels.size >= OUTBOX_MAX;
  }

  add(parcel: Parcel): void {
    this.#parcels.set(parcel.frame.id, parcel);
    if (parcel.durable) this.#write();
  }

  find(id: string): Parcel | undefined {
    return this.#parcels.get(id);
  }

  take(id: string): Parcel | undefined {
    const parcel = this.#parcels.get(id);
    if (parcel && this.#parcels.delete(id) && parcel.durable) this.#write();
    return parcel;
  }

  /** In the order of asking. */
  list(): readonly Parcel[] {
    return [...this.#parcels.values()];
  }

  /** The line is gone: everything waits again. Returns the fleeting ones, which are dropped. */
  unsend(): readonly Parcel[] {
    const dropped: Parcel[] = [];
    for (const [id, parcel] of this.#parcels) {
      delete parcel.sent_at;
      if (parcel.fleeting) {
        this.#parcels.delete(id);
        dropped.push(parcel);
      }
    }
    return dropped;
  }

  clear(): void {
    this.#parcels.clear();
    this.#shelf.removeItem(this.#key);
  }

  #write(): void {
    const frames = this.list().filter((parcel) => parcel.durable).map((parcel) => parcel.frame);
    if (frames.length === 0) this.#shelf.removeItem(this.#key);
    else keep(this.#shelf, this.#key, frames);
  }
}

/** What an earlier page left; anything that does not look like a request is dropped, not sent. */
function readFrames(kept: unknown): Identified[] {
  if (!Array.isArray(kept)) return [];
  return kept.filter(
    (frame): frame is Identified =>
      typeof frame === "object" && frame !== null && typeof frame.id === "string" && typeof frame.type === "string",
  );
}

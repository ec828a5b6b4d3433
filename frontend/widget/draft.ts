/** What somebody has typed and not yet sent: kept over a reload, a sign-in and a refusal, moved into whatever they choose (C2). */
import { type Signal, signal } from "@preact/signals";

import { keep, recall, type Shelf } from "../shared/storage.ts";
import type { Wanted } from "./tickets.ts";

/** A ticket that is being written. `key` and `proof`: sent again after a reload it is the same one. */
export interface TicketText {
  readonly wanted: Wanted;
  /** The form is on the screen. */
  readonly open: boolean;
  readonly subject: string;
  readonly text: string;
  readonly fields: Readonly<Record<string, string | boolean>>;
  readonly guest: { readonly name: string; readonly email: string; readonly again: string; readonly phone: string };
  readonly key: string;
  readonly proof?: string;
}

interface Kept {
  readonly question: string;
  readonly department: string;
  /** To what departments ask before a chat, by the question's key. */
  readonly answers: Readonly<Record<string, string>>;
  /** Most to spend, as it was typed. */
  readonly most: string;
  /** Unsent text by session. */
  readonly texts: Readonly<Record<string, string>>;
  /** The chat that is open on the screen, also when it has ended. */
  readonly open: string;
  readonly ticket: TicketText | null;
}

const NOTHING: Kept = { question: "", department: "", answers: {}, most: "", texts: {}, open: "", ticket: null };

export class Draft {
  readonly #shelf: Shelf;
  readonly #key: string;
  readonly #kept: Signal<Kept>;

  constructor(site: string, shelf: Shelf) {
    this.#shelf = shelf;
    this.#key = `balie.${site}.draft`;
    const kept = recall(shelf, this.#key);
    this.#kept = signal(typeof kept === "object" && kept !== null ? { ...NOTHING, ...kept } : NOTHING);
  }

  get value(): Kept {
    return this.#kept.value;
  }

  peek(): Kept {
    return this.#kept.peek();
  }

  set(change: Partial<Kept>): void {
    this.#kept.value = { ...this.#kept.peek(), ...change };
    keep(this.#shelf, this.#key, this.#kept.peek());
  }

  textOf(session: string): string {
    return this.#kept.value.texts[session] ?? "";
  }

  setText(session: string, text: string): void {
    const { [session]: _, ...others } = this.#kept.peek().texts;
    this.set({ texts: text ? { ...others, [session]: text } : others });
  }

  /** What was written of this ticket before: out of the same chat, or for the same department without one. */
  ticketFor(wanted: Wanted): TicketText | undefined {
    const kept = this.#kept.peek().ticket;
    const same = kept && kept.wanted.session === wanted.session && (wanted.session || kept.wanted.department === wanted.department);
    return same ? kept : undefined;
  }

  clear(): void {
    this.#kept.value = NOTHING;
    this.#shelf.removeItem(this.#key);
  }
}

/** Credits as somebody types them ("12", "12,5", "۱۲") in millicredits; undefined for what is no amount. */
export function parseCredits(typed: string): number | undefined {
  const western = typed.trim().replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0)).replace(/[,٫]/, ".");
  if (!/^\d{1,7}(\.\d{1,3})?$/.test(western)) return undefined;
  const amount_m = Math.round(Number(western) * 1000);
  return amount_m > 0 ? amount_m : undefined;
}

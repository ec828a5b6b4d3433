/** The departments of the site with price and who is there, asked again while somebody looks at them. */
import { type ReadonlySignal, signal } from "@preact/signals";

import { ask } from "../shared/http.ts";
import { language } from "../shared/i18n.ts";
import type { Price } from "../shared/protocol.ts";

export interface Department {
  readonly id: string;
  readonly name: string;
  /** Null where no price is shown (VIP). */
  readonly price: Price | null;
  readonly online: number;
  readonly wait_s?: number | null;
  /** Whether its office hours let a chat start now, and else when they will. */
  readonly open: boolean;
  readonly opens_at: string | null;
  readonly questions: readonly Question[];
  /** What a ticket costs there, and whether who has no account may send one. */
  readonly ticket?: { readonly price_m?: number; readonly guests: boolean; readonly fields: readonly TicketField[] };
}

/** What it asks with a ticket (T10). */
export interface TicketField {
  readonly key: string;
  readonly label: string;
  readonly kind: "text" | "long" | "choice" | "check" | "date" | "number";
  readonly required: boolean;
  readonly choices: readonly string[];
}

/** What it asks before a chat (C14); the answer is a field of the session, under `key`. */
export interface Question {
  readonly key: string;
  readonly label: string;
  readonly kind: "text" | "choice";
  readonly choices: readonly string[];
  readonly required: boolean;
}

/** What the owner tells everybody who opens the widget. */
export interface Announcement {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly language: string;
}

/** As the hub sends it: the price is left out where none is shown. */
type Sent = Omit<Department, "price"> & Partial<Price>;

export class Departments {
  readonly #site: string;
  readonly #token: () => Promise<string>;
  readonly #list = signal<readonly Department[] | null>(null);
  readonly announcement = signal<Announcement | null>(null);

  constructor(site: string, token: () => Promise<string>) {
    this.#site = site;
    this.#token = token;
  }

  /** Null until the hub has answered once. */
  get list(): ReadonlySignal<readonly Department[] | null> {
    return this.#list;
  }

  find(id: string | undefined): Department | undefined {
    return this.#list.value?.find((department) => department.id === id);
  }

  /** The one of this id; else the first where a chat can start now, else the first. */
  choose(id: string): Department | undefined {
    return this.find(id) ?? this.#list.value?.find(canStart) ?? this.#list.value?.[0];
  }

  /** In the language of now. Throws when the hub cannot be asked; the last list stays. */
  async load(): Promise<void> {
    const token = await this.#token();
    const { results, announcement } = await ask<{ results: readonly Sent[]; announcement?: Announcement | null }>(
      `/api/v1/departments/?site=${encodeURIComponent(this.#site)}`, { token, credentials: "omit", headers: { "Accept-Language": language() } },
    );
    this.#list.value = results.map(departmentOf);
    this.announcement.value = announcement ?? null;
  }

  /** The hub said that a price or its terms have changed: shown at once, and confirmed with the next list. */
  reprice(id: string, price: Price): void {
    this.#list.value = (this.#list.value ?? []).map((department) => (department.id === id ? { ...department, price } : department));
  }
}

/** Whether a chat can start there now: open, with somebody behind the counter. */
export function canStart({ open, online }: Department): boolean {
  return open && online > 0;
}

function departmentOf(sent: Sent): Department {
  const { price_m, block_s = 60, free_s = 0, minimum_blocks = 1 } = sent;
  return { ...sent, price: price_m === undefined ? null : { price_m, block_s, free_s, minimum_blocks }, questions: sent.questions ?? [] };
}

/** The departments of the site with price and who is there, asked again while somebody looks at them. */
import { type ReadonlySignal, signal } from "@preact/signals";

import { ask } from "../shared/http.ts";
import type { Price } from "../shared/protocol.ts";

export interface Department {
  readonly id: string;
  readonly name: string;
  /** Null where no price is shown (VIP). */
  readonly price: Price | null;
  readonly online: number;
  readonly wait_s: number | null;
}

interface Sent extends Partial<Price> {
  readonly id: string | number;
  readonly name: string;
  readonly price?: Price | null;
  readonly online?: number | boolean | readonly unknown[];
  readonly wait_s?: number | null;
}

export class Departments {
  readonly #site: string;
  readonly #token: () => Promise<string>;
  readonly #list = signal<readonly Department[] | null>(null);

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

  /** Throws when the hub cannot be asked; the last list stays. */
  async load(): Promise<void> {
    const token = await this.#token();
    const { results } = await ask<{ results: readonly Sent[] }>(
      `/api/v1/departments/?site=${encodeURIComponent(this.#site)}`, { token, credentials: "omit" },
    );
    this.#list.value = results.map(departmentOf);
  }

  /** The hub said that a price has changed: shown at once, and confirmed with the next list. */
  reprice(id: string, price_m: number): void {
    this.#list.value = (this.#list.value ?? []).map((department) =>
      department.id === id && department.price ? { ...department, price: { ...department.price, price_m } } : department);
  }
}

function departmentOf(sent: Sent): Department {
  const price = sent.price ?? (typeof sent.price_m === "number" ? sent : null);
  return {
    id: String(sent.id),
    name: sent.name,
    price: price && typeof price.price_m === "number" ? {
      price_m: price.price_m, block_s: price.block_s ?? 60, free_s: price.free_s ?? 0, minimum_blocks: price.minimum_blocks ?? 1,
    } : null,
    online: Array.isArray(sent.online) ? sent.online.length : Number(sent.online ?? 0),
    wait_s: sent.wait_s ?? null,
  };
}

/** What the owner announces in the widget (D4): the newest, until it is over or put away. Who has seen it is told to the hub. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";

import { ask } from "../shared/http.ts";
import { keep, recall, type Shelf } from "../shared/storage.ts";
import type { Account } from "./account.ts";
import type { Announcement, Departments } from "./departments.ts";

export class News {
  /** What is to be shown now. */
  readonly current: ReadonlySignal<Announcement | null>;
  readonly #account: Account;
  readonly #shelf: Shelf;
  readonly #key: string;
  /** The last one that was put away in this browser. */
  readonly #away = signal<unknown>(undefined);
  readonly #told = new Set<string>();

  constructor(site: string, shelf: Shelf, account: Account, departments: Departments) {
    this.#account = account;
    this.#shelf = shelf;
    this.#key = `balie.${site}.announcement`;
    this.#away.value = recall(shelf, this.#key);
    this.current = computed(() => {
      const newest = departments.announcement.value;
      return newest?.id === this.#away.value ? null : newest;
    });
  }

  /** Somebody who is signed in has it on the screen: told once. */
  noteSeen(id: string): void {
    const customer = this.#account.customer.peek();
    const who = `${customer?.id} ${id}`;
    if (!customer || this.#told.has(who)) return;
    this.#told.add(who);
    void this.#account.token()
      .then((token) => ask(`/api/v1/announcements/${id}/seen/`, { method: "POST", token, credentials: "omit" }))
      .catch(() => this.#told.delete(who));
  }

  putAway(id: string): void {
    this.#away.value = id;
    keep(this.#shelf, this.#key, id);
  }
}

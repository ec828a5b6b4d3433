/** What somebody chose in the widget's own menu. It holds as long as the site's page speaks what it spoke then. */
import { keep, recall, type Shelf } from "../shared/storage.ts";

const KEY = "balie.language";

export class ChosenLanguage {
  readonly #shelf: Shelf;
  #page: string;

  constructor(shelf: Shelf, page: string) {
    this.#shelf = shelf;
    this.#page = page;
  }

  /** What to speak, now that the site's page speaks `page`. */
  of(page: string = this.#page): string {
    this.#page = page;
    const kept = recall(this.#shelf, KEY);
    const { while: then, chosen } = (typeof kept === "object" && kept !== null ? kept : {}) as Record<string, unknown>;
    return then === page && typeof chosen === "string" ? chosen : page;
  }

  choose(language: string): void {
    keep(this.#shelf, KEY, { while: this.#page, chosen: language });
  }
}

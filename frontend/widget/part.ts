/**
 * A script that is not needed at first: fetched when the browser has nothing else to do, or at once when somebody needs it. The line
 * may be lost then, and the hub may be a newer one without this script, so it is tried again and said when it does not come.
 */
import { type ReadonlySignal, signal } from "@preact/signals";

/** Before the second and the third try. */
const WAITS_MS = [500, 2_500];
/** The name that the build gave the script, as it stands in the function that imports it. */
const NAME = /["'`](\.\/[^"'`]+\.js)["'`]/;

export class Part<Module extends object> {
  readonly #load: () => Promise<Module>;
  readonly #module = signal<Module | null>(null);
  readonly #missing = signal(false);
  #wanted = false;
  #tries = 0;
  #fetching: Promise<Module | null> | null = null;

  constructor(load: () => Promise<Module>) {
    this.#load = load;
  }

  get module(): ReadonlySignal<Module | null> {
    return this.#module;
  }

  /** Somebody needs it, and it did not come. */
  get missing(): ReadonlySignal<boolean> {
    return this.#missing;
  }

  /** Somebody needs it now. Null when it cannot be had, which `missing` says too. */
  want(): Promise<Module | null> {
    this.#wanted = true;
    this.#missing.value = false;
    return this.fetch();
  }

  /** Nobody needs it yet: when it does not come, nobody is told. */
  fetch(): Promise<Module | null> {
    this.#fetching ??= this.#fetch().finally(() => (this.#fetching = null));
    return this.#fetching;
  }

  async #fetch(): Promise<Module | null> {
    for (const wait_ms of [0, ...WAITS_MS]) {
      if (this.#module.peek()) break;
      if (wait_ms) await new Promise((over) => setTimeout(over, wait_ms));
      this.#module.value = await this.#import().catch(() => null);
    }
    const module = this.#module.peek();
    this.#missing.value = !module && this.#wanted;
    this.#wanted = false;
    return module;
  }

  /** Browsers remember that an address failed for as long as the page lives, so each further try has another one. */
  #import(): Promise<Module> {
    const name = NAME.exec(String(this.#load))?.[1];
    const tries = this.#tries++;
    return tries && name ? (import(/* @vite-ignore */ `${name}?${tries}`) as Promise<Module>) : this.#load();
  }
}

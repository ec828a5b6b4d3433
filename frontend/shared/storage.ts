/** Where text is kept until it is acknowledged: a small part of Storage, so that a blocked one can be replaced. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Keeps things as long as the page lives. For tests, and for browsers that refuse storage in a foreign frame. */
export class MemoryShelf implements Shelf {
  readonly #items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }
  removeItem(key: string): void {
    this.#items.delete(key);
  }
}

/** The browser's own storage, or memory where touching it throws (third-party storage blocked, private windows). */
export function openShelf(kind: "localStorage" | "sessionStorage"): Shelf {
  try {
    const shelf = globalThis[kind];
    const probe = "balie.probe";
    shelf.setItem(probe, "1");
    shelf.removeItem(probe);
    return shelf;
  } catch {
    return new MemoryShelf();
  }
}

/** Writes, and forgets when the shelf is full: the copy in memory is the one that counts. */
export function keep(shelf: Shelf, key: string, value: unknown): void {
  try {
    shelf.setItem(key, JSON.stringify(value));
  } catch {
    // A full shelf must not stop anybody from typing.
  }
}

/** What was kept, or undefined when nothing readable is there. The caller checks the shape. */
export function recall(shelf: Shelf, key: string): unknown {
  try {
    const text = shelf.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

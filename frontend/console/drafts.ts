/** What was typed and not sent, by chat and kind, kept through a reload. Nothing typed is ever lost (C9). */
import { type ReadonlySignal, signal } from "@preact/signals";

import { keep, recall, type Shelf } from "../shared/storage.ts";

export type DraftKind = "reply" | "note";

/** More than anybody has open; past it the oldest drafts go. */
const DRAFTS_MAX = 60;

export class Drafts {
  readonly #texts = signal<ReadonlyMap<string, string>>(new Map());
  readonly #shelf: Shelf;
  readonly #key: string;

  constructor(shelf: Shelf, key: string) {
    this.#shelf = shelf;
    this.#key = key;
    this.#texts.value = readTexts(recall(shelf, key));
  }

  get texts(): ReadonlySignal<ReadonlyMap<string, string>> {
    return this.#texts;
  }

  get(session: string, kind: DraftKind): string {
    return this.#texts.value.get(nameOf(session, kind)) ?? "";
  }

  set(session: string, kind: DraftKind, text: string): void {
    const texts = new Map(this.#texts.peek());
    const name = nameOf(session, kind);
    texts.delete(name);
    if (text !== "") texts.set(name, text);
    this.#write(texts);
  }

  forget(session: string): void {
    const texts = new Map(this.#texts.peek());
    const had = texts.delete(nameOf(session, "reply"));
    if (texts.delete(nameOf(session, "note")) || had) this.#write(texts);
  }

  #write(texts: Map<string, string>): void {
    for (const name of texts.keys()) {
      if (texts.size <= DRAFTS_MAX) break;
      texts.delete(name);
    }
    this.#texts.value = texts;
    if (texts.size === 0) this.#shelf.removeItem(this.#key);
    else keep(this.#shelf, this.#key, [...texts]);
  }
}

function nameOf(session: string, kind: DraftKind): string {
  return `${session}:${kind}`;
}

function readTexts(kept: unknown): ReadonlyMap<string, string> {
  if (!Array.isArray(kept)) return new Map();
  const isText = (pair: unknown): pair is [string, string] =>
    Array.isArray(pair) && pair.length === 2 && typeof pair[0] === "string" && typeof pair[1] === "string";
  return new Map(kept.filter(isText).slice(-DRAFTS_MAX));
}

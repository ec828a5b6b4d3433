/** What this screen shows just now, apart from what the desk knows: open menus, panes, the kind of entry that is typed. */
import { signal } from "@preact/signals";

import type { DraftKind } from "./drafts.ts";

export type Menu = "status" | "sound" | "pause" | "free" | "end" | "credits" | "ticket";

export interface About {
  readonly how: "reply" | "edit" | "delete";
  readonly seq: number;
  readonly text: string;
  readonly name: string;
}

export const menu = signal<Menu | null>(null);
export const keysShown = signal(false);
/** The chat whose credits are being given back. */
export const refunding = signal<string | null>(null);
/** Under 700 px one pane at a time. */
export const pane = signal<"list" | "chat">("list");
/** Under 1100 px the customer's panel is a drawer. */
export const panelOpen = signal(false);
export const kind = signal<DraftKind>("reply");
/** What the composer answers, changes or removes, by chat. */
export const about = signal<ReadonlyMap<string, About>>(new Map());
/** Raised to put the caret into the composer. */
export const focusComposer = signal(0);

/** To the chat, where one pane is shown at a time. */
export function openPane(): void {
  pane.value = "chat";
}

export function toggleMenu(name: Menu): void {
  menu.value = menu.peek() === name ? null : name;
}

export function setAbout(session: string, what: About | undefined): void {
  const next = new Map(about.peek());
  if (what) next.set(session, what);
  else next.delete(session);
  about.value = next;
  if (what && what.how !== "delete") {
    kind.value = "reply";
    focusComposer.value += 1;
  }
}

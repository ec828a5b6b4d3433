/**
 * The keyboard of the console. Single letters and digits work only outside text fields (WCAG 2.1.4); Alt with an arrow
 * works anywhere. A table, so that the overlay shows exactly what works.
 */
import { t } from "../shared/i18n.ts";

import type { Desk } from "./desk.ts";
import { focusComposer, keysShown, kind, menu, pane } from "./screen.ts";

/** G waits so long for its second key. */
const SECOND_KEY_MS = 1_500;

export interface KeyLine {
  readonly keys: readonly string[];
  readonly does: string;
}

export function keyLines(): readonly KeyLine[] {
  return [
    { keys: ["1 – 4"], does: t("open chat 1 to 4") },
    { keys: ["Alt ↑", "Alt ↓"], does: t("previous, next chat") },
    { keys: ["G", "Q"], does: t("take who waits longest") },
    { keys: ["R"], does: t("write a reply") },
    { keys: ["N"], does: t("write a note") },
    { keys: ["P"], does: t("pause the meter, or start it again") },
    { keys: ["⇧ X"], does: t("end the chat, asks once") },
    { keys: ["Enter"], does: t("send") },
    { keys: ["⇧ Enter"], does: t("new line") },
    { keys: ["Esc"], does: t("close what is open, leave the text field") },
    { keys: ["?"], does: t("show these keys") },
  ];
}

export function startKeys(desk: Desk): void {
  let g_at = Number.NEGATIVE_INFINITY;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.altKey && !event.ctrlKey && !event.metaKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      desk.step(event.key === "ArrowDown" ? 1 : -1);
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey || isTextField(event.target) || inDialog(event.target)) return;
    const after_g = event.timeStamp - g_at < SECOND_KEY_MS;
    g_at = event.key.toLowerCase() === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    if (press(desk, event, after_g)) event.preventDefault();
  });
}

/** True when the key meant something here. */
function press(desk: Desk, event: KeyboardEvent, after_g: boolean): boolean {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "?") {
    menu.value = null;
    keysShown.value = true;
    return true;
  }
  if (after_g && key === "q") {
    void desk.pullLongest();
    return true;
  }
  if (/^[1-4]$/.test(key)) return openNumber(desk, Number(key));
  const chat = desk.open.peek();
  if (!chat?.session || chat.session.state === "ended") return false;
  switch (key) {
    case "n":
    case "r":
      kind.value = key === "n" ? "note" : "reply";
      focusComposer.value += 1;
      return true;
    case "p": {
      const state = chat.conversation.meter.peek()?.state;
      if (state === "paused") void desk.resume(chat.id);
      else if (state === "running" || state === "free") menu.value = "pause";
      return state !== undefined;
    }
    case "x":
      if (!event.shiftKey) return false;
      menu.value = "end";
      return true;
    default:
      return false;
  }
}

function openNumber(desk: Desk, number: number): boolean {
  const chat = desk.chats.peek()[number - 1];
  if (!chat) return false;
  desk.select(chat.id);
  pane.value = "chat";
  return true;
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches("textarea, select, input:not([type='checkbox'], [type='radio'], [type='range'], [type='button'])")
  );
}

/** In a menu or sheet its own keys count: a letter must not act on what is behind it. */
function inDialog(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("[role='dialog']") !== null;
}

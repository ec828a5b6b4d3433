import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";

import { keyLines, startKeys } from "../keys.ts";
import { focusComposer, keysShown, kind, menu, pane } from "../screen.ts";
import { type Hub, Hub as MakeHub, meter, session } from "./hub.ts";

let hub: Hub;
const listening = vi.spyOn(document, "addEventListener");

beforeEach(async () => {
  vi.useFakeTimers({ now: new Date("2026-11-21T12:00:00Z") });
  hub = await new MakeHub().open();
  for (const id of ["s1", "s2"]) {
    hub.says(session(id));
    hub.says(meter(id));
  }
  startKeys(hub.desk);
});
afterEach(() => {
  for (const [type, listener] of listening.mock.calls) document.removeEventListener(type, listener as EventListener);
  listening.mockClear();
  document.body.replaceChildren();
  menu.value = null;
  keysShown.value = false;
  kind.value = "reply";
  pane.value = "list";
  vi.useRealTimers();
});
afterAll(() => listening.mockRestore());

function press(key: string, more: KeyboardEventInit = {}, target: Element = document.body): boolean {
  return !target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
}

function field(tag: string): HTMLElement {
  const element = document.createElement(tag);
  document.body.append(element);
  return element;
}

it("1 to 4 open a chat; a number without a chat does nothing", () => {
  expect(hub.desk.open.value?.id).toBe("s1");
  expect(press("2")).toBe(true);
  expect(hub.desk.open.value?.id).toBe("s2");
  expect(pane.value).toBe("chat");
  expect(press("4")).toBe(false);
});

it("Alt with an arrow steps through the chats, also while typing", () => {
  press("ArrowDown", { altKey: true }, field("textarea"));
  expect(hub.desk.open.value?.id).toBe("s2");
  press("ArrowUp", { altKey: true });
  expect(hub.desk.open.value?.id).toBe("s1");
});

it("N writes a note, R a reply", () => {
  const before = focusComposer.value;
  press("n");
  expect(kind.value).toBe("note");
  press("r");
  expect(kind.value).toBe("reply");
  expect(focusComposer.value).toBe(before + 2);
});

it("P asks why before it pauses, and starts a paused meter at once", () => {
  press("p");
  expect(menu.value).toBe("pause");
  hub.says(meter("s1", { state: "paused", now: "2026-11-21T12:00:01Z" }));
  press("p");
  expect(hub.last("meter.resume").session).toBe("s1");
});

it("Shift X asks once, x alone does nothing", () => {
  expect(press("x")).toBe(false);
  expect(menu.value).toBeNull();
  press("X", { shiftKey: true });
  expect(menu.value).toBe("end");
  expect(hub.heard.some((frame) => frame.type === "session.end")).toBe(false);
});

it("G then Q takes who waits longest; Q alone, or much later, does not", () => {
  hub.says({ type: "session.offer", session: "o1", expires_at: "2026-11-21T12:00:20Z" });
  expect(press("q")).toBe(false);
  press("g");
  expect(press("q")).toBe(true);
  expect(hub.last("session.accept").session).toBe("o1");
});

it("U2, WCAG 2.1.4: single letters and digits do nothing in text fields and dialogs, nor with Ctrl, Alt or Meta", () => {
  const dialog = field("div");
  dialog.setAttribute("role", "dialog");
  const inside = document.createElement("button");
  dialog.append(inside);
  for (const target of [field("textarea"), field("input"), field("select"), inside]) {
    for (const key of ["1", "n", "p", "?", "2"]) expect(press(key, {}, target)).toBe(false);
  }
  for (const held of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }]) expect(press("p", held)).toBe(false);
  expect(menu.value).toBeNull();
  expect(hub.desk.open.value?.id).toBe("s1");
});

it("? shows the keys, each with what it does", () => {
  press("?", { shiftKey: true });
  expect(keysShown.value).toBe(true);
  expect(keyLines().every(({ keys, does }) => keys.length > 0 && does !== "")).toBe(true);
});

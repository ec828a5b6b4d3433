import { render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { MessageList, type MessageListProps } from "../components/MessageList.tsx";
import { MESSAGE_PARTS } from "../components/messageParts.tsx";
import { MeterStrip } from "../components/MeterStrip.tsx";
import { RichText } from "../components/RichText.tsx";
import type { Message } from "../protocol.ts";
import { addMessages, addPending, emptyTimeline, linesOf } from "../timeline.ts";
import { AT, message, meter } from "./wire.ts";

const EVIL = [
  "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "javascript:alert(1)", "`<b>x</b>`", "```<b>x</b>```",
  "https://x.example/\"onmouseover=alert(1)", "www.x.example/<script>",
];

let box: HTMLElement;

beforeEach(() => {
  vi.useFakeTimers({ now: AT });
  box = document.createElement("div");
  document.body.append(box);
});

afterEach(() => {
  render(null, box);
  box.remove();
  vi.useRealTimers();
});

function list(messages: readonly Message[], more: Partial<MessageListProps> = {}): void {
  const timeline = addMessages(emptyTimeline(), messages);
  render(
    <MessageList
      lines={linesOf(timeline)} isMine={(line) => line.message.author.kind === "visitor"} readSeq={0} online typing={[]} now_ms={AT} parts={MESSAGE_PARTS} {...more}
    />, box,
  );
}

test.each(EVIL)("X3: what somebody types is text and nothing else: %s", (text) => {
  list([message(1, text, { author: { id: "1", kind: "visitor", name: text } }), message(2, "re", { reply_to: 1, author: { id: "2", kind: "agent", name: text } })]);
  expect(box.querySelectorAll("script, img, b > b, [onload], [onerror], [onmouseover]")).toHaveLength(0);
  for (const link of box.querySelectorAll("a")) {
    expect(new URL(link.href).protocol).toMatch(/^https?:$/);
    expect(link.rel).toContain("noopener");
  }
});

test("no element has a style attribute: the policy of the page would refuse it", () => {
  list(EVIL.map((text, n) => message(n + 1, text)), { typing: ["Daan"] });
  expect(box.querySelectorAll("[style]")).toHaveLength(0);
  render(<MeterStrip meter={meter()} serverNow={(ms) => ms} />, box);
  expect(box.querySelectorAll("[style]")).toHaveLength(0);
});

test("C7: links, code and code blocks become elements", () => {
  render(<RichText text={"See https://example.com, hold `F2`\n```\nls\n```"} />, box);
  expect([...box.children].map((child) => [child.tagName, child.textContent])).toEqual([["A", "https://example.com"], ["CODE", "F2"], ["PRE", "ls"]]);
});

test("U2, U4: the list is a log, and says what is sent, delivered, read, waiting and failed in words", () => {
  const mine = { id: "7", kind: "visitor", name: "Sanne" } as const;
  const timeline = ["failed", "sending"].reduce(
    (all, state) => addPending(all, { id: state, text: state, kind: "text", state: state as "failed" | "sending", at: new Date(AT).toISOString() }),
    addMessages(emptyTimeline(), [message(1, "one", { author: mine }), message(2, "two", { author: mine })]),
  );
  list([], { lines: linesOf(timeline), readSeq: 1, online: false, actions: { retry: () => undefined, discard: () => undefined } });
  expect(box.querySelector('[role="log"]')).not.toBeNull();
  const states = [...box.querySelectorAll(".msg .meta")].map((meta) => meta.textContent);
  expect(states[0]).toContain("Read");
  expect(states[1]).toContain("Delivered");
  expect(states[2]).toContain("Not sent.");
  expect(states[2]).toContain("Try again");
  expect(states[3]).toContain("Waiting for the connection");
});

test("C7: an own message can be changed for 15 minutes, another's never", () => {
  const mine = { id: "7", kind: "visitor", name: "Sanne" } as const;
  const actions = { reply: () => undefined, edit: () => undefined, remove: () => undefined };
  const offered = () => [...box.querySelectorAll(".acts")].map((acts) => [...acts.querySelectorAll("button")].map(({ ariaLabel }) => ariaLabel));
  const said = [message(1, "mine", { author: mine, at: new Date(AT).toISOString() }), message(2, "theirs")];
  list(said, { actions, now_ms: AT + 899_000 });
  expect(offered().map((labels) => labels.length)).toEqual([3, 1]);
  list(said, { actions, now_ms: AT + 901_000 });
  expect(offered().map((labels) => labels.length)).toEqual([1, 1]);
});

test("M3: the strip is a timer with the figures of the reading, and ticks without a frame", async () => {
  render(<MeterStrip meter={meter()} serverNow={(ms) => ms} />, box);
  const strip = box.querySelector('[role="timer"]')!;
  const figures = () => [...strip.querySelectorAll("dd")].map((dd) => dd.textContent);
  expect(figures()).toEqual(["1:30", "4.0", "20.0 credits"]);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(figures()).toEqual(["2:01", "6.0", "18.0 credits"]);
  expect(strip.getAttribute("aria-label")).toContain("18.0 credits left");
});

test("P12: a VIP's strip has no credits", () => {
  render(<MeterStrip meter={meter({ price_m: null, charged_m: null, balance_m: null, available_m: null, empty_at: null })} serverNow={(ms) => ms} />, box);
  expect(box.textContent).not.toMatch(/credit|left|Used/);
});

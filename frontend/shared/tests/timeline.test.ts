import { expect, test } from "vitest";

import type { Message } from "../protocol.ts";
import { addMessages, addPending, emptyTimeline, isBehind, linesOf, quotedBy, setPending, settlePending, type Timeline } from "../timeline.ts";
import { change, message, time } from "./wire.ts";

const ME = { id: "7", kind: "visitor", name: "Sanne" } as const;

function texts(timeline: Timeline): readonly string[] {
  return linesOf(timeline).map((line) => (line.deleted ? "-" : line.text));
}

function shuffles<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, place) => shuffles(items.filter((_, other) => other !== place)).map((rest) => [item, ...rest]));
}

test("C5: shown in the order of seq and exactly once, in whatever order and how often they come", () => {
  const said = [message(1, "one"), message(2, "two"), message(3, "three"), message(4, "four")];
  for (const order of shuffles(said)) {
    let timeline = emptyTimeline();
    for (const each of [...order, ...order]) timeline = addMessages(timeline, [each]);
    expect(texts(timeline)).toEqual(["one", "two", "three", "four"]);
    expect(timeline.after_seq).toBe(4);
  }
});

test("C6: a hole keeps what is known without a gap, and makes us behind", () => {
  const timeline = addMessages(emptyTimeline(), [message(1, "one"), message(3, "three")]);
  expect(timeline.after_seq).toBe(1);
  expect(isBehind(timeline, 3)).toBe(true);
  expect(isBehind(addMessages(timeline, [message(2, "two")]), 3)).toBe(false);
});

test("C7: live edits and deletes on an old snapshot give what a fresh backlog gives, whatever comes first", () => {
  const live = [message(1, "one"), message(2, "two"), change(3, "edited", 1, "uno"), change(4, "deleted", 2), change(5, "edited", 1, "een")];
  const fresh: Message[] = [
    message(1, "een", { edited_at: time(5) }), message(2, "", { text: null, deleted_at: time(4) }), ...live.slice(2),
  ];
  const expected = texts(addMessages(emptyTimeline(), fresh));
  expect(expected).toEqual(["een", "-"]);
  for (const order of shuffles(live)) {
    let timeline = emptyTimeline();
    for (const each of order) timeline = addMessages(timeline, [each]);
    expect(texts(timeline)).toEqual(expected);
  }
  // A late live frame of what the backlog has brought already edited.
  expect(texts(addMessages(addMessages(emptyTimeline(), fresh), [message(1, "one")]))).toEqual(expected);
});

test("an edited message says so; a deleted one has no text left", () => {
  const lines = linesOf(addMessages(emptyTimeline(), [message(1, "a"), message(2, "b"), change(3, "edited", 1, "A"), change(4, "deleted", 2)]));
  expect(lines.map(({ edited, deleted, text }) => [edited, deleted, text])).toEqual([[true, false, "A"], [false, true, ""]]);
});

test("notes have no seq and stand among the messages by time", () => {
  const note = message(0, "secret", { seq: null, staff_seq: 1, kind: "note", id: "n", at: time(1.5) });
  const timeline = addMessages(emptyTimeline(), [message(2, "two"), note, message(1, "one")]);
  expect(texts(timeline)).toEqual(["one", "secret", "two"]);
  expect([timeline.after_seq, timeline.after_staff_seq]).toEqual([2, 1]);
});

test("C6: pending comes last, and becomes the message when it is acknowledged, whether the ok or the frame comes first", () => {
  const pending = { id: "mine", text: "hi", kind: "text", state: "sending", at: time() } as const;
  const start = addPending(addMessages(emptyTimeline(), [message(1, "one")]), pending);
  expect(linesOf(start).map(({ key, state }) => [key, state])).toEqual([["id-1", "sent"], ["mine", "sending"]]);
  const frame = message(2, "hi", { id: "mine", author: ME });
  const ok = (timeline: Timeline) => settlePending(timeline, "mine", { seq: 2, at: time(2) }, "S", ME);
  for (const end of [ok(start), addMessages(start, [frame]), ok(addMessages(start, [frame])), addMessages(ok(start), [frame])]) {
    expect(linesOf(end).map(({ key, state, text }) => [key, state, text])).toEqual([["id-1", "sent", "one"], ["mine", "sent", "hi"]]);
    expect(end.pending).toEqual([]);
  }
});

test("a failed one stays and says why", () => {
  const timeline = setPending(
    addPending(emptyTimeline(), { id: "x", text: "hi", kind: "text", state: "sending", at: time() }), "x", "failed", "The chat has ended.",
  );
  expect(linesOf(timeline)[0]).toMatchObject({ state: "failed", problem: "The chat has ended.", text: "hi" });
});

test("a quoted reply finds what it quotes", () => {
  const lines = linesOf(addMessages(emptyTimeline(), [message(1, "one"), message(2, "two", { reply_to: 1 })]));
  expect(quotedBy(lines, lines[1]!)?.text).toBe("one");
  expect(quotedBy(lines, lines[0]!)).toBeUndefined();
});

test("earlier messages go before what a timeline began with", () => {
  const timeline = addMessages(emptyTimeline(10), [message(11, "eleven")]);
  expect([timeline.from_seq, timeline.after_seq]).toEqual([11, 11]);
  const earlier = addMessages(timeline, [message(9, "nine"), message(10, "ten")]);
  expect(texts(earlier)).toEqual(["nine", "ten", "eleven"]);
  expect([earlier.from_seq, earlier.after_seq]).toEqual([9, 11]);
});

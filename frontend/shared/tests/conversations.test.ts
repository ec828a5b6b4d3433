import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Conversations } from "../conversations.ts";
import { LiveSocket } from "../socket.ts";
import { MemoryShelf } from "../storage.ts";
import { linesOf } from "../timeline.ts";
import { AT, change, dial, FakeLine, message, session, time } from "./wire.ts";

let socket: LiveSocket;
let conversations: Conversations;

async function begin(shelf = new MemoryShelf(), staff = false): Promise<void> {
  socket = new LiveSocket({ url: "ws://hub", side: "visitor", connect: dial, random: () => 0.5, shelf });
  conversations = new Conversations(socket, { staff });
  socket.open();
  await vi.advanceTimersByTimeAsync(0);
}

const texts = () => linesOf(conversations.get("S").timeline.value).map(({ text, state }) => (state === "sent" ? text : `${text} (${state})`));
const hub = () => FakeLine.last;

beforeEach(() => {
  vi.useFakeTimers({ now: AT });
  FakeLine.all.length = 0;
});

afterEach(() => {
  socket.close();
  vi.useRealTimers();
});

test("C6: a gap is closed by one backlog", async () => {
  await begin();
  hub().welcomes().says(session({ last_seq: 1 })).says(message(1, "one")).says(message(4, "four"));
  await vi.advanceTimersByTimeAsync(300);
  const [ask, ...more] = hub().heard("backlog");
  expect(ask).toMatchObject({ session: "S", after_seq: 1 });
  expect(more).toEqual([]);
  hub().says({ type: "backlog", re: ask!.id, session: "S", messages: [message(2, "two"), message(3, "three"), message(4, "four")], more: false });
  expect(texts()).toEqual(["one", "two", "three", "four"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(hub().heard("backlog")).toHaveLength(1);
});

test("C6: a gap is closed though messages go on coming", async () => {
  await begin();
  hub().welcomes().says(session({ last_seq: 1 })).says(message(1, "one"));
  for (let seq = 3; seq < 13; seq += 1) {
    hub().says(message(seq, `${seq}`));
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(hub().heard("backlog")).toMatchObject([{ session: "S", after_seq: 1 }]);
});

test("C6: a beat that is ahead makes us ask; one that is not does not", async () => {
  await begin();
  hub().welcomes().says(session({ last_seq: 1 })).says(message(1, "one"));
  hub().says({ type: "beat", now: time(), epoch: "e1", sessions: { S: 1 } });
  await vi.advanceTimersByTimeAsync(300);
  expect(hub().heard("backlog")).toEqual([]);
  hub().says({ type: "beat", now: time(), epoch: "e1", sessions: { S: 3 } });
  await vi.advanceTimersByTimeAsync(300);
  expect(hub().heard("backlog")).toMatchObject([{ after_seq: 1 }]);
});

test("more than one page is fetched until we are there", async () => {
  await begin();
  hub().welcomes().says(session({ last_seq: 5 }));
  await vi.advanceTimersByTimeAsync(300);
  const page = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => message(from + n, `${from + n}`));
  hub().says({ type: "backlog", re: hub().heard("backlog")[0]!.id, session: "S", messages: page(1, 3), more: true });
  await vi.advanceTimersByTimeAsync(300);
  hub().says({ type: "backlog", re: hub().heard("backlog")[1]!.id, session: "S", messages: page(4, 5), more: false });
  expect(texts()).toEqual(["1", "2", "3", "4", "5"]);
});

test("a hub that has nothing to give is not asked in a loop", async () => {
  await begin();
  hub().welcomes().says(session({ last_seq: 5 }));
  await vi.advanceTimersByTimeAsync(300);
  hub().says({ type: "backlog", re: hub().heard("backlog")[0]!.id, session: "S", messages: [], more: false });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(hub().heard("backlog")).toHaveLength(1);
});

test("C6: what was said off line is shown as pending, goes out on the next line and stands once", async () => {
  await begin();
  hub().welcomes().says(session()).breaks();
  const id = conversations.say("S", "still here?");
  expect(texts()).toEqual(["still here? (waiting)"]);
  await vi.advanceTimersByTimeAsync(5_000);
  hub().welcomes();
  expect(hub().heard("message.send").map((frame) => frame.id)).toEqual([id]);
  hub().says(message(1, "still here?", { id })).says({ type: "ok", re: id, seq: 1, at: time(1) });
  expect(texts()).toEqual(["still here?"]);
});

test("C6: after a reload the unsent is shown again", async () => {
  const shelf = new MemoryShelf();
  await begin(shelf);
  conversations.say("S", "kept");
  socket.close();
  await begin(shelf);
  expect(texts()).toEqual(["kept (waiting)"]);
});

test("U4: what was refused is shown as failed, and tried again with the same id", async () => {
  await begin();
  hub().welcomes().says(session());
  const id = conversations.say("S", "hm");
  hub().says({ type: "error", re: id, code: "internal", message: "Reference 7QK2." });
  expect(texts()).toEqual(["hm (failed)"]);
  conversations.retry("S", id);
  hub().says({ type: "ok", re: id, seq: 1 });
  expect(hub().heard("message.send").map((frame) => frame.id)).toEqual([id, id]);
  expect(texts()).toEqual(["hm"]);
});

test("news is what comes after the first load, also when it was missed while the line was down", async () => {
  await begin();
  const news: string[] = [];
  conversations.watch((_, { text }) => news.push(text ?? ""));
  hub().welcomes().says(session({ last_seq: 2 })).says(message(1, "old")).says(message(2, "older"));
  expect(news).toEqual([]);
  hub().says(message(3, "new")).says(message(3, "new")).breaks();
  await vi.advanceTimersByTimeAsync(5_000);
  hub().welcomes().says(session({ last_seq: 4 })).says(message(4, "missed"));
  expect(news).toEqual(["new", "missed"]);
});

test("C7: an own edit stands when it is acknowledged", async () => {
  await begin();
  hub().welcomes().says(session({ last_seq: 1 })).says(message(1, "teh"));
  void conversations.edit("S", 1, "the");
  hub().says({ type: "ok", re: hub().heard("message.edit")[0]!.id, seq: 2 });
  expect(texts()).toEqual(["the"]);
  hub().says(change(3, "deleted", 1));
  expect(linesOf(conversations.get("S").timeline.value)[0]?.deleted).toBe(true);
});

test("C7: typing ends by itself and with the message; read marks only move forward", async () => {
  await begin();
  const talk = conversations.get("S");
  hub().welcomes().says(session()).says({ type: "typing", session: "S", who: "9", on: true });
  expect([...talk.typing.value.keys()]).toEqual(["9"]);
  hub().says(message(1, "hi"));
  expect([...talk.typing.value.keys()]).toEqual([]);
  hub().says({ type: "typing", session: "S", who: "9", on: true });
  await vi.advanceTimersByTimeAsync(7_000);
  expect([...talk.typing.value.keys()]).toEqual([]);
  hub().says({ type: "read", session: "S", who: "9", seq: 5 }).says({ type: "read", session: "S", who: "9", seq: 3 });
  expect(talk.read.value).toEqual({ 9: 5 });
});

test("typing is told at most every three seconds", async () => {
  await begin();
  hub().welcomes();
  for (let key = 0; key < 20; key++) conversations.type("S", true);
  expect(hub().heard("typing")).toHaveLength(1);
  conversations.type("S", false);
  conversations.type("S", false);
  expect(hub().heard("typing").map(({ on }) => on)).toEqual([true, false]);
});

test("an older meter frame does not overtake a newer one", async () => {
  await begin();
  const frame = { type: "meter", session: "S", state: "running", price_m: 1, block_s: 60, elapsed_s: 9, charged_m: 2 } as const;
  hub().welcomes().says({ ...frame, now: time(9) }).says({ ...frame, charged_m: 1, now: time(5) });
  expect(conversations.get("S").meter.value?.charged_m).toBe(2);
});

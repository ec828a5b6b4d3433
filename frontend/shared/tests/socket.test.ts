import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { LiveSocket, NotSignedIn, Refused, type SocketOptions } from "../socket.ts";
import { MemoryShelf } from "../storage.ts";
import { AT, dial, FakeLine, time } from "./wire.ts";

let socket: LiveSocket;

async function open(options: Partial<SocketOptions> = {}): Promise<LiveSocket> {
  socket = new LiveSocket({ url: "ws://hub/ws/visitor/", side: "visitor", connect: dial, random: () => 0.5, ...options });
  socket.open();
  await vi.advanceTimersByTimeAsync(0);
  return socket;
}

beforeEach(() => {
  vi.useFakeTimers({ now: AT });
  FakeLine.all.length = 0;
});

afterEach(() => {
  socket.close();
  vi.useRealTimers();
});

test("the token goes into the subprotocol and never into the address", async () => {
  await open({ token: async () => "abc.def" });
  expect(FakeLine.last.protocols).toEqual(["balie.v1", "bearer.abc.def"]);
  expect(FakeLine.last.url).toBe("ws://hub/ws/visitor/");
});

test("C6: hello says up to where everything is known", async () => {
  socket = new LiveSocket({ url: "ws://hub", side: "visitor", connect: dial });
  socket.attach({ positions: () => [{ session: "S", after_seq: 12 }] });
  socket.open();
  await vi.advanceTimersByTimeAsync(0);
  FakeLine.last.opens();
  expect(FakeLine.last.heard("hello")[0]?.resume).toEqual([{ session: "S", after_seq: 12 }]);
});

test("nothing but hello is sent before the welcome", async () => {
  await open();
  socket.request({ type: "message.send", session: "S", text: "early" }, { durable: true });
  FakeLine.last.opens();
  expect(FakeLine.last.sent.map(({ type }) => type)).toEqual(["hello"]);
  FakeLine.last.welcomes();
  expect(FakeLine.last.heard("message.send").map(({ text }) => text)).toEqual(["early"]);
});

test("C6: what was not acknowledged goes out again with the same id, in order", async () => {
  await open();
  FakeLine.last.welcomes();
  const first = socket.request({ type: "message.send", session: "S", text: "one" }, { durable: true });
  const second = socket.request({ type: "message.send", session: "S", text: "two" }, { durable: true });
  FakeLine.last.says({ type: "ok", re: first.id, seq: 1 }).breaks();
  await vi.advanceTimersByTimeAsync(5_000);
  FakeLine.last.welcomes();
  expect(FakeLine.all).toHaveLength(2);
  expect(FakeLine.last.heard("message.send").map(({ id, text }) => [id, text])).toEqual([[second.id, "two"]]);
  FakeLine.last.says({ type: "ok", re: second.id, seq: 2 });
  await expect(second.answer).resolves.toMatchObject({ seq: 2 });
  expect(socket.outbox.size).toBe(0);
});

test("C6: unsent text survives a reload of the page", async () => {
  const shelf = new MemoryShelf();
  await open({ shelf });
  const { id } = socket.request({ type: "message.send", session: "S", text: "kept" }, { durable: true });
  socket.close();
  const settled: string[] = [];
  await open({ shelf });
  socket.attach({ settled: (request) => settled.push(request.id) });
  FakeLine.last.welcomes();
  expect(FakeLine.last.heard("message.send").map((frame) => [frame.id, frame.text])).toEqual([[id, "kept"]]);
  FakeLine.last.says({ type: "ok", re: id, seq: 1 });
  expect(settled).toEqual([id]);
});

test("an answer that does not come is asked for again with the same id", async () => {
  await open();
  FakeLine.last.welcomes();
  const { id } = socket.request({ type: "message.send", session: "S", text: "hm" }, { durable: true });
  for (let second = 0; second < 17; second++) {
    FakeLine.last.says({ type: "pong", at: Date.now(), now: time() });
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(FakeLine.last.heard("message.send").map((frame) => frame.id)).toEqual([id, id]);
});

test("a refusal reaches who asked, and is not sent again", async () => {
  await open();
  FakeLine.last.welcomes();
  const { id, answer } = socket.request({ type: "session.accept", session: "S" });
  FakeLine.last.says({ type: "error", re: id, code: "taken", message: "Taken by Daan.", by: "Daan" });
  const refused = await answer.catch((problem: unknown) => problem as Refused);
  expect(refused).toBeInstanceOf(Refused);
  expect((refused as Refused).code).toBe("taken");
  expect((refused as Refused).frame?.by).toBe("Daan");
  expect(socket.outbox.size).toBe(0);
});

test("too fast: it waits as long as it is told and sends again", async () => {
  await open();
  FakeLine.last.welcomes();
  const { id } = socket.request({ type: "message.send", session: "S", text: "quick" }, { durable: true });
  FakeLine.last.says({ type: "error", re: id, code: "too_fast", message: "Slowly.", retry_after_ms: 3_000 });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(FakeLine.last.heard("message.send")).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(FakeLine.last.heard("message.send").map((frame) => frame.id)).toEqual([id, id]);
});

test("a visitor's client stays under the hub's limit of 20 in a burst and 5 a second", async () => {
  await open();
  for (let n = 0; n < 60; n++) socket.request({ type: "message.send", session: "S", text: `${n}` }, { durable: true });
  FakeLine.last.welcomes();
  const burst = FakeLine.last.sent.length;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(burst).toBeLessThanOrEqual(20);
  expect(FakeLine.last.sent.length - burst).toBeLessThanOrEqual(10);
  await vi.advanceTimersByTimeAsync(5_000);
  const texts = FakeLine.last.heard("message.send").map(({ text }) => Number(text));
  expect(texts).toEqual([...texts].sort((one, other) => one - other));
});

test("an action that would be wrong later gives up when the line is down too long", async () => {
  await open();
  const { answer } = socket.request({ type: "session.accept", session: "S" }, { within_ms: 4_000 });
  const outcome = answer.catch((problem: unknown) => (problem as Refused).code);
  await vi.advanceTimersByTimeAsync(4_100);
  await expect(outcome).resolves.toBe("offline");
  FakeLine.last.welcomes();
  expect(FakeLine.last.heard("session.accept")).toHaveLength(0);
});

test("a silent line is found dead by an unanswered ping, and taken up again", async () => {
  await open();
  FakeLine.last.welcomes();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(socket.line.value.state).toBe("waiting");
  await vi.advanceTimersByTimeAsync(4_000);
  expect(FakeLine.all).toHaveLength(2);
});

test("visitors ping every 15 s, staff every 5 s", async () => {
  for (const [side, expected] of [["visitor", 3], ["staff", 7]] as const) {
    FakeLine.all.length = 0;
    await open({ side });
    FakeLine.last.welcomes();
    for (let second = 0; second < 31; second++) {
      await vi.advanceTimersByTimeAsync(1_000);
      FakeLine.last.says({ type: "pong", at: Date.now(), now: time() });
    }
    expect(FakeLine.last.heard("ping").length, side).toBe(expected);
    socket.close();
  }
});

test("M5: a beat is answered with a ping, since timers of a hidden page stand still", async () => {
  await open({ ticker: () => () => undefined });
  FakeLine.last.welcomes();
  vi.setSystemTime(AT + 14_000);
  FakeLine.last.says({ type: "beat", now: time(14), epoch: "e1", sessions: {} });
  expect(FakeLine.last.heard("ping")).toHaveLength(2);
});

test("the hub's clock is taken from the answered ping", async () => {
  await open();
  FakeLine.last.welcomes();
  const asked = Date.now();
  vi.setSystemTime(asked + 100);
  FakeLine.last.says({ type: "pong", at: asked, now: new Date(asked + 60_050).toISOString() });
  expect(socket.clock.offset_ms).toBe(60_000);
});

test("bye: it comes back when it was told to", async () => {
  await open();
  FakeLine.last.welcomes().says({ type: "bye", reason: "deploy", retry_after_ms: 7_000 }).breaks(4012);
  await vi.advanceTimersByTimeAsync(6_900);
  expect(FakeLine.all).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(FakeLine.all).toHaveLength(2);
});

test("4001: a fresh token is asked for once, then the line stops", async () => {
  const asked: boolean[] = [];
  await open({ token: async (renew) => (asked.push(renew), "t") });
  FakeLine.last.opens().breaks(4001);
  await vi.advanceTimersByTimeAsync(0);
  FakeLine.last.opens().breaks(4001);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([false, true]);
  expect(socket.line.value).toEqual({ state: "stopped", why: "not_signed_in" });
});

test("nobody signed in: the line stops; no network: it tries again", async () => {
  await open({ token: () => Promise.reject(new NotSignedIn()) });
  expect(socket.line.value).toEqual({ state: "stopped", why: "not_signed_in" });
  await open({ token: () => Promise.reject(new TypeError("fetch")) });
  expect(socket.line.value.state).toBe("waiting");
});

test.each([[4003, "forbidden"], [4009, "replaced"]] as const)("%i stops: %s", async (code, why) => {
  await open();
  FakeLine.last.welcomes().breaks(code);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(socket.line.value).toEqual({ state: "stopped", why });
  expect(FakeLine.all).toHaveLength(1);
});

test.each([[4008, 300], [4029, 30_000], [4010, 60_000]] as const)("%i is taken up again within %i ms", async (code, within_ms) => {
  await open();
  FakeLine.last.welcomes().breaks(code);
  if (code !== 4008) {
    await vi.advanceTimersByTimeAsync(9_000);
    expect(FakeLine.all).toHaveLength(1);
  }
  await vi.advanceTimersByTimeAsync(within_ms);
  expect(FakeLine.all.length).toBeGreaterThan(1);
});

test("another epoch: history was lost, everything is loaded again", async () => {
  await open();
  let lost = 0;
  socket.attach({ historyLost: () => (lost += 1) });
  FakeLine.last.welcomes().says({ type: "beat", now: time(), epoch: "e2", sessions: {} });
  await vi.advanceTimersByTimeAsync(0);
  expect(lost).toBe(1);
  expect(FakeLine.all).toHaveLength(2);
  FakeLine.last.welcomes({ epoch: "e2" });
  expect(lost).toBe(1);
  expect(socket.line.value.state).toBe("open");
});

test("junk on the line changes nothing", async () => {
  await open();
  FakeLine.last.welcomes();
  for (const data of ["", "null", "[]", "{", "{}", '{"type":"whatever"}', '{"type":7}']) FakeLine.last.onmessage?.({ data });
  expect(socket.line.value.state).toBe("open");
});

test("a full outbox refuses the newest instead of growing", async () => {
  await open();
  for (let n = 0; n < 300; n++) socket.request({ type: "message.send", session: "S", text: "x" });
  const { answer } = socket.request({ type: "message.send", session: "S", text: "one too many" });
  await expect(answer).rejects.toMatchObject({ code: "busy" });
  expect(socket.outbox.size).toBe(300);
});

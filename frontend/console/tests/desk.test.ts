import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { readMeter } from "../../shared/meter.ts";
import { MemoryShelf } from "../../shared/storage.ts";
import { agent, board, CUSTOMER, Hub, ME, meter, said, session, settle } from "./hub.ts";

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-11-21T12:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const offered = (id: string) => session(id, { state: "offered", agent: null });
const until = "2026-11-21T12:00:20Z";

describe("C4: offers", () => {
  it("an offer stands until it is accepted, then the chat is mine and open", async () => {
    const hub = await new Hub().open();
    hub.says(offered("s1"));
    hub.says({ type: "session.offer", session: "s1", expires_at: until });
    expect([...hub.desk.offers.value.keys()]).toEqual(["s1"]);
    const accepted = hub.desk.accept("s1");
    await hub.agrees("session.accept");
    expect(await accepted).toBe(true);
    hub.says(session("s1"));
    expect(hub.desk.offers.value.size).toBe(0);
    expect(hub.desk.open.value?.id).toBe("s1");
  });

  it("who was late sees who has it, for a while", async () => {
    const hub = await new Hub().open();
    hub.says(offered("s1"));
    hub.says({ type: "session.offer", session: "s1", expires_at: until });
    const accepted = hub.desk.accept("s1");
    await hub.refuses("session.accept", "taken", "Mila");
    expect(await accepted).toBe(false);
    expect(hub.desk.refusals.value.get("s1")).toMatchObject({ code: "taken", by: "Mila" });
    expect(hub.desk.offers.value.size).toBe(0);
    expect(hub.desk.open.value).toBeUndefined();
    vi.advanceTimersByTime(8_000);
    expect(hub.desk.refusals.value.size).toBe(0);
  });

  it("an offer leaves when its time is over, and when somebody else has it", async () => {
    const hub = await new Hub().open();
    hub.says({ type: "session.offer", session: "s1", expires_at: until });
    hub.says({ type: "session.offer", session: "s2", expires_at: until });
    hub.says(session("s2", { agent: { id: "8", name: "Mila" } }));
    expect([...hub.desk.offers.value.keys()]).toEqual(["s1"]);
    vi.advanceTimersByTime(20_000);
    hub.desk.tick();
    expect(hub.desk.offers.value.size).toBe(0);
  });

  it("conversations of others are forgotten, so that a day of offers stays within one hello", async () => {
    const hub = await new Hub().open();
    hub.says(session("mine"));
    for (let n = 0; n < 300; n++) {
      hub.says(offered(`o${n}`));
      hub.says({ type: "session.offer", session: `o${n}`, expires_at: until });
      hub.says(session(`o${n}`, { agent: { id: "8", name: "Mila" } }));
    }
    hub.says(offered("never followed"));
    hub.says(offered("over"));
    hub.says({ type: "session.offer", session: "over", expires_at: until });
    expect(hub.desk.talks.all.value.size).toBe(3);
    vi.advanceTimersByTime(20_000);
    hub.desk.tick();
    expect([...hub.desk.talks.all.value.keys()]).toEqual(["mine"]);
  });

  it("G then Q takes what is offered to me first, then who waits longest", async () => {
    const waiting = (name: string, since: string) => ({ department: "1", name, state: "queued" as const, since });
    const hub = await new Hub().open({
      queue: { a: waiting("Ann", "2026-11-21T11:50:00Z"), b: waiting("Ben", "2026-11-21T11:40:00Z") },
    });
    void hub.desk.pullLongest();
    expect(hub.last("session.accept").session).toBe("b");
    hub.says({ type: "session.offer", session: "a", expires_at: until });
    void hub.desk.pullLongest();
    expect(hub.last("session.accept").session).toBe("a");
  });

  it("an accept that found no line is not done later", async () => {
    const hub = await new Hub().open();
    hub.says({ type: "session.offer", session: "s1", expires_at: until });
    const accepted = hub.desk.accept("s1");
    vi.advanceTimersByTime(10_000);
    expect(await accepted).toBe(false);
    expect(hub.desk.refusals.value.get("s1")?.code).toBe("offline");
    expect(hub.socket.outbox.list().map((parcel) => parcel.frame.type)).not.toContain("session.accept");
  });
});

describe("my chats", () => {
  it("C9: counts what I have not read, and nothing of my own", async () => {
    const hub = await new Hub().open();
    hub.says(session("s1", { read: { [ME]: 1 }, last_seq: 4 }));
    for (const message of [said("s1", 1, "hi"), said("s1", 2, "hello?"), said("s1", 3, "yes", "agent"), said("s1", 4, "ok")])
      hub.says(message);
    const chat = hub.desk.chats.value[0]!;
    expect(chat.unread.value).toBe(2);
    hub.desk.markRead(chat);
    expect(chat.unread.value).toBe(0);
    expect(hub.hints).toContainEqual({ type: "read", session: "s1", seq: 4 });
  });

  it("C9: marks who waits longest for an answer, when more than one waits", async () => {
    const hub = await new Hub().open();
    hub.says(session("s1"));
    hub.says(session("s2"));
    hub.says(said("s1", 1, "first"));
    expect(hub.desk.waits_longest.value).toBeUndefined();
    hub.says({ ...said("s2", 1, "before that"), at: "2026-11-21T11:59:00Z" });
    expect(hub.desk.waits_longest.value).toBe("s2");
    hub.says(said("s2", 2, "an answer", "agent"));
    expect(hub.desk.waits_longest.value).toBeUndefined();
  });

  it("keep their places, so that 1 to 4 stay the same chats", async () => {
    const hub = await new Hub().open();
    hub.says(session("s1", { opened_at: "2026-11-21T12:00:05Z" }));
    expect(hub.desk.chats.value.map((chat) => chat.id)).toEqual(["s1"]);
    hub.says(session("s0", { opened_at: "2026-11-21T12:00:01Z" }));
    expect(hub.desk.chats.value.map((chat) => chat.id)).toEqual(["s1", "s0"]);
    hub.desk.step(1);
    expect(hub.desk.open.value?.id).toBe("s0");
    hub.desk.step(1);
    expect(hub.desk.open.value?.id).toBe("s1");
  });

  it("keep their places over a reload, in whatever order the hub tells of them", async () => {
    const page = new MemoryShelf();
    const before = await new Hub(undefined, page).open();
    for (const id of ["s1", "s2", "s3"]) {
      before.says(session(id));
      expect(before.desk.chats.value.at(-1)?.id).toBe(id);
    }
    const after = await new Hub(undefined, page).open();
    for (const id of ["s3", "s1", "s2"]) {
      after.says(session(id));
      expect(after.desk.chats.value.map((chat) => chat.id)).toContain(id);
    }
    expect(after.desk.chats.value.map((chat) => chat.id)).toEqual(["s1", "s2", "s3"]);
  });

  it("a colleague's session is none of mine, and one that is handed on leaves", async () => {
    const hub = await new Hub().open();
    hub.says(session("s1", { agent: { id: "8", name: "Mila" } }));
    expect(hub.desk.chats.value).toEqual([]);
    hub.says(session("s1"));
    expect(hub.desk.chats.value).toHaveLength(1);
    hub.says(session("s1", { state: "queued", agent: null }));
    expect(hub.desk.chats.value).toEqual([]);
  });

  it("C12: an ended chat stays until its wrap-up is saved", async () => {
    const hub = await new Hub().open();
    hub.says(session("s1"));
    void hub.desk.end("s1");
    await hub.agrees("session.end");
    hub.says(session("s1", { state: "ended", end_reason: "agent", wrapup: { until: "2026-11-21T12:02:00Z" } }));
    expect(hub.desk.open.value?.id).toBe("s1");
    const saved = hub.desk.wrapUp("s1", "solved", ["wifi"], "");
    expect(hub.last("session.wrapup")).toMatchObject({ outcome: "solved", tags: ["wifi"] });
    await hub.agrees("session.wrapup");
    expect(await saved).toBe(true);
    hub.says(session("s1", { state: "ended", wrapup: { outcome: "solved" } }));
    expect(hub.desk.chats.value).toEqual([]);
    expect(hub.desk.open.value).toBeUndefined();
  });

  it("after a reload the same chat is open, and a wrap-up that is owed is not forgotten", async () => {
    const page = new MemoryShelf();
    const before = await new Hub(undefined, page).open();
    before.says(session("s1"));
    before.says(session("s2"));
    before.desk.select("s2");
    const after = await new Hub(undefined, page).open();
    after.says(session("s1"));
    after.says(session("s2"));
    expect(after.desk.open.value?.id).toBe("s2");
    const owing = await new Hub().open();
    owing.says(session("s1", { state: "ended", wrapup: { until: "2026-11-21T12:02:00Z" } }));
    expect(owing.desk.open.value?.id).toBe("s1");
  });

  it("a refused pause tells why, in the chat, until it is dismissed", async () => {
    const hub = await new Hub().open();
    hub.says(session("s1"));
    const paused = hub.desk.pause("s1", "break");
    await hub.refuses("meter.pause", "conflict");
    expect(await paused).toBe(false);
    expect(hub.desk.refusals.value.get("s1")?.code).toBe("conflict");
    hub.desk.dismiss("s1");
    expect(hub.desk.refusals.value.size).toBe(0);
  });
});

describe("D2: the board", () => {
  it("subscribes on every new line and asks again after a gap", async () => {
    const hub = await new Hub().open();
    const asked = () => hub.heard.filter((frame) => frame.type === "board.subscribe").length;
    expect(asked()).toBe(1);
    hub.says(board(3, { queue: {} }));
    expect(asked()).toBe(2);
    hub.says(board(4, { queue: {} }));
    expect(asked()).toBe(2);
    hub.drops();
    expect(hub.desk.lost_at.value).toBeDefined();
    vi.advanceTimersByTime(60_000);
    await settle();
    await hub.open();
    expect(asked()).toBe(3);
    expect(hub.desk.lost_at.value).toBeUndefined();
  });

  it("D1: my presence shows at once, and the board has the last word", async () => {
    const hub = await new Hub().open();
    expect(hub.desk.presence.value).toMatchObject({ status: "online", capacity: 4 });
    void hub.desk.setPresence("busy", 3);
    expect(hub.desk.presence.value).toMatchObject({ status: "busy", capacity: 3 });
    await hub.agrees("presence.set");
    hub.says(board(2, { agents: { [ME]: agent({ status: "away", capacity: 2 }) } }));
    expect(hub.desk.presence.value).toMatchObject({ status: "away", capacity: 2 });
  });

  it("a refused presence goes back to what it was", async () => {
    const hub = await new Hub().open();
    const set = hub.desk.setPresence("offline");
    await hub.refuses("presence.set", "conflict");
    await set;
    expect(hub.desk.presence.value?.status).toBe("online");
    expect(hub.desk.refusals.value.get("presence")?.code).toBe("conflict");
  });
});

it("M3: the meter moves without frames, and stands still while the line is down", async () => {
  const hub = await new Hub().open();
  hub.says(session("s1"));
  hub.says(meter("s1"));
  const read = () =>
    readMeter(hub.desk.chats.value[0]!.conversation.meter.value!, hub.socket.clock.now(), hub.desk.lost_at.value);
  vi.advanceTimersByTime(50_000);
  expect(read()).toMatchObject({ elapsed_s: 60, charged_m: 4000, available_m: 56_000 });
  hub.drops();
  vi.advanceTimersByTime(120_000);
  expect(read()).toMatchObject({ elapsed_s: 60, charged_m: 4000, look: "paused" });
});

describe("drafts", () => {
  it("C9: are kept by chat and kind, through a reload", async () => {
    const shelf = new MemoryShelf();
    const before = new Hub(shelf).desk.drafts;
    before.set("s1", "reply", "Have you tried");
    before.set("s1", "note", "sounds tired");
    const after = new Hub(shelf).desk.drafts;
    expect(after.get("s1", "reply")).toBe("Have you tried");
    expect(after.get("s1", "note")).toBe("sounds tired");
    expect(after.get("s2", "reply")).toBe("");
    after.set("s1", "reply", "");
    after.set("s1", "note", "");
    expect(new Hub(shelf).desk.drafts.texts.value.size).toBe(0);
  });

  it("are bounded, and survive nonsense on the shelf", () => {
    const shelf = new MemoryShelf();
    shelf.setItem(`balie.drafts.${ME}`, '[["x:reply"], 5, ["y:reply", "kept"]]');
    const drafts = new Hub(shelf).desk.drafts;
    expect([...drafts.texts.value]).toEqual([["y:reply", "kept"]]);
    for (let n = 0; n < 100; n++) drafts.set(`s${n}`, "reply", "text");
    expect(drafts.texts.value.size).toBe(60);
    expect(drafts.get("s99", "reply")).toBe("text");
  });
});

it("notes go out as notes, and a customer's typing is not mine", async () => {
  const hub = await new Hub().open();
  hub.says(session("s1"));
  hub.desk.talks.say("s1", "between us", { kind: "note" });
  expect(hub.last("message.send")).toMatchObject({ kind: "note", text: "between us" });
  await hub.agrees("message.send", { staff_seq: 1 });
  const chat = hub.desk.chats.value[0]!;
  expect(chat.lines.value.map((line) => [line.message.kind, line.state])).toEqual([["note", "sent"]]);
  expect(chat.last.value).toBeUndefined();
  hub.says({ type: "typing", session: "s1", who: CUSTOMER, on: true });
  expect(chat.customer_types.value).toBe(true);
  hub.says({ type: "typing", session: "s1", who: ME, on: true });
  hub.says({ type: "typing", session: "s1", who: CUSTOMER, on: false });
  expect(chat.customer_types.value).toBe(false);
});

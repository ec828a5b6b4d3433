import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { FromFrame } from "../../loader/messages.ts";
import { setLanguage } from "../../shared/i18n.ts";
import { MemoryShelf } from "../../shared/storage.ts";
import { AT, FakeLine, message, meter, session, time } from "../../shared/tests/wire.ts";
import { Visit } from "../visit.ts";
import { CUSTOMER, type FakeHub, granted, startHub } from "./hub.ts";

const DEPARTMENT = { id: "1", name: "PC", open: true, price_m: 2000, block_s: 60, free_s: 0, minimum_blocks: 1, online: 1 };

let hub: FakeHub;
let visit: Visit;
let told: FromFrame[];

async function begin(passing = new MemoryShelf(), lasting = new MemoryShelf()): Promise<void> {
  told = [];
  visit = new Visit({ site: "K", socket_url: "ws://hub", lasting, passing, tell: (each) => told.push(each) });
  await visit.begin();
  await vi.advanceTimersByTimeAsync(0);
  visit.show(true);
}

const line = () => FakeLine.last;
/** Until the socket has dialled again; the wait before it is drawn by lot. */
async function another(): Promise<void> {
  for (const lines = FakeLine.all.length; FakeLine.all.length === lines; ) await vi.advanceTimersByTimeAsync(50);
}
const start = () => line().heard("session.start").at(-1)!;

beforeEach(() => {
  vi.useFakeTimers({ now: AT });
  vi.stubGlobal("WebSocket", FakeLine);
  FakeLine.all.length = 0;
  hub = startHub();
  hub.departments = [DEPARTMENT];
  hub.replies = [granted({ customer: CUSTOMER })];
});

afterEach(() => {
  visit.socket.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("C1: a chat is asked for at the price that was shown, with the most to spend", async () => {
  await begin();
  line().welcomes();
  visit.draft.set({ question: "  My laptop no longer starts\nreally  ", most: "12,5" });
  visit.start();
  expect(start()).toMatchObject({
    department: "1", price_m: 2000, most_to_spend_m: 12_500, text: "My laptop no longer starts\nreally", subject: "My laptop no longer starts really",
  });
});

test("C14: answers to what the department asks are fields of the session, kept over a reload until the hub has them", async () => {
  hub.departments = [{ ...DEPARTMENT, questions: [{ key: "brand", label: "Which brand?", kind: "choice", choices: ["HP", "Epson"], required: true }] }];
  const passing = new MemoryShelf();
  await begin(passing);
  visit.draft.set({ answers: { brand: "HP", other: "of another department" } });
  visit.socket.close();
  await begin(passing);
  visit.fields.value = { plan: "gold" };
  line().welcomes();
  visit.start();
  expect(start().fields).toEqual({ brand: "HP", plan: "gold" });
  line().says({ type: "ok", re: start().id, session: "S", state: "queued" });
  expect(visit.draft.value.answers).toEqual({});
});

test("U1: what is announced is asked for in the language that the widget speaks", async () => {
  await begin();
  setLanguage("fa", {});
  await visit.departments.load();
  setLanguage("en", {});
  const languages = hub.asked.filter(({ url }) => url.startsWith("/api/v1/departments/")).map(({ language }) => language);
  expect(languages).toEqual(["en", "fa"]);
});

test("C1: a chat starts in the department that is marked on the screen, also when nobody chose it", async () => {
  hub.departments = [{ ...DEPARTMENT, open: false }, { ...DEPARTMENT, id: "2", price_m: 3000 }];
  await begin();
  line().welcomes();
  visit.start();
  expect(start()).toMatchObject({ department: visit.department.value?.id, price_m: 3000 });
  expect(start().department).toBe("2");
});

test("C2: what was typed is kept until the hub has it, over a reload too", async () => {
  const passing = new MemoryShelf();
  await begin(passing);
  visit.draft.set({ question: "Kept?" });
  visit.start();
  visit.socket.close();
  await begin(passing);
  expect([visit.draft.value.question, visit.starting.value]).toEqual(["Kept?", true]);
  line().welcomes().says({ type: "ok", re: start().id, session: "S", state: "waiting" });
  line().says(session({ state: "waiting", reason: "payment", place_until: time(600) }));
  expect([visit.draft.value.question, visit.starting.value, visit.current.value?.id]).toEqual(["", false, "S"]);
});

test("C1: a price that has changed is shown, and asked about again", async () => {
  await begin();
  line().welcomes({ features: ["price.terms"] });
  visit.draft.set({ department: "1", question: "How much?" });
  visit.start();
  line().says({ type: "error", re: start().id, code: "conflict", message: "Changed.", price_m: 2500, block_s: 90, free_s: 30, minimum_blocks: 2 });
  expect(visit.startProblem.value).toEqual({ kind: "price", price: { price_m: 2500, block_s: 90, free_s: 30, minimum_blocks: 2 } });
  expect([visit.departments.find("1")?.price?.price_m, visit.draft.value.question]).toEqual([2500, "How much?"]);
  visit.start();
  expect(start()).toMatchObject({ price_m: 2500, block_s: 90, free_s: 30, minimum_blocks: 2 });
});

test("an unsigned visitor is asked to sign in where there is a price, and keeps what was typed", async () => {
  hub.replies = [granted()];
  await begin();
  line().welcomes();
  visit.draft.set({ question: "Who am I?" });
  visit.start();
  line().says({ type: "error", re: start().id, code: "forbidden", message: "Sign in." });
  expect(visit.startProblem.value).toEqual({ kind: "sign_in" });
  hub.replies = [granted({ customer: CUSTOMER })];
  await visit.signIn("20000001", "secret");
  expect([visit.startProblem.value, visit.draft.value.question, visit.account.customer.value?.name]).toEqual([null, "Who am I?", "Sanne"]);
});

test("a chat that is live in another window is simply shown", async () => {
  await begin();
  line().welcomes();
  visit.start();
  line().says({ type: "error", re: start().id, code: "conflict", message: "One at a time.", session: "S" }).says(session());
  expect([visit.startProblem.value, visit.current.value?.id]).toEqual([null, "S"]);
});

test("an ended chat stays on the screen where it was open, and is only offered elsewhere", async () => {
  const ended = session({ state: "ended", started_at: time(), ended_at: time(60), reopen_until: time(960) });
  const passing = new MemoryShelf();
  await begin(passing);
  line().welcomes().says(session()).says(ended);
  expect(visit.current.value?.id).toBe("S");
  visit.socket.close();
  await begin(passing);
  line().welcomes({ sessions: ["S"] }).says(ended);
  expect(visit.current.value?.id).toBe("S");
  visit.putAway("S");
  expect([visit.current.value, visit.recent.value?.id]).toEqual([null, "S"]);
  visit.takeUp("S");
  expect(visit.current.value?.id).toBe("S");
  visit.socket.close();
  await begin();
  line().welcomes({ sessions: ["S"] }).says(ended);
  expect([visit.current.value, visit.recent.value?.id]).toEqual([null, "S"]);
});

test("the site's next page begins with the bubble once the end of a chat was seen", async () => {
  await begin();
  const next = () => told.flatMap((one) => one.balie === "next" ? [one.as] : []);
  line().welcomes().says(session());
  visit.show(false);
  line().says(session({ state: "ended", started_at: time(), ended_at: time(60) }));
  expect(next()).toEqual(["open"]);
  visit.show(true);
  expect(next().at(-1)).toBe("close");
  line().says(session({ session: "T", opened_at: time(90) }));
  expect(next().at(-1)).toBe("open");
});

test("no start page flashes by before the chats that the hub names are here", async () => {
  await begin();
  expect(visit.arrived.value).toBe(false);
  line().welcomes({ sessions: ["S"] });
  expect(visit.arrived.value).toBe(false);
  line().says(session());
  expect(visit.arrived.value).toBe(true);
});

test("unread is counted while nobody looks, and gone when somebody does", async () => {
  await begin();
  line().welcomes().says(session());
  visit.show(false);
  line().says(message(1, "Are you there?")).says(message(2, "Hello?"));
  expect(told.filter(({ balie }) => balie === "unread").at(-1)).toEqual({ balie: "unread", count: 2 });
  expect(told.find(({ balie }) => balie === "message")).toMatchObject({ name: "Daan", text: "Are you there?" });
  visit.show(true);
  expect(told.filter(({ balie }) => balie === "unread").at(-1)).toEqual({ balie: "unread", count: 0 });
  expect(line().heard("read").at(-1)).toMatchObject({ session: "S", seq: 2 });
});

test("M3: the minimised bubble shows the minutes that are left", async () => {
  await begin();
  line().welcomes().says(session()).says(meter());
  visit.show(false);
  expect(told.filter(({ balie }) => balie === "ring").at(-1)).toEqual({ balie: "ring", left: 84, text: "10" });
});

test("M5: the meter's figures freeze when the line is lost, and go on with it", async () => {
  await begin();
  line().welcomes().says(session()).breaks();
  expect(visit.lost_at.value).toBe(AT);
  await another();
  line().welcomes();
  expect(visit.lost_at.value).toBeUndefined();
});

test("signing out forgets the person: token, drafts, unsent words and chats", async () => {
  const [passing, lasting] = [new MemoryShelf(), new MemoryShelf()];
  await begin(passing, lasting);
  line().welcomes().says(session()).breaks();
  visit.conversations.say("S", "secret");
  visit.draft.setText("S", "more secrets");
  visit.signOut();
  for (const key of ["balie.K.token", "balie.K.outbox", "balie.K.draft"]) {
    expect([lasting.getItem(key), passing.getItem(key)], key).toEqual([null, null]);
  }
  expect(visit.conversations.all.value.size).toBe(0);
});

test("P11: what one user of the site typed is neither shown to the next nor sent in their name", async () => {
  const identity = (sub: string) => `e30.${btoa(JSON.stringify({ sub }))}.mac`;
  for (const next of [identity("tom"), ""]) {
    await begin();
    await visit.identify(identity("sanne"));
    await vi.advanceTimersByTimeAsync(0);
    line().welcomes().breaks();
    visit.draft.set({ question: "My secret" });
    visit.start();
    await visit.identify(next);
    await vi.advanceTimersByTimeAsync(0);
    line().welcomes();
    expect([start(), visit.draft.value.question, visit.starting.value], next).toEqual([undefined, "", false]);
    visit.socket.close();
  }
});

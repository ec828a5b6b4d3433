import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { MemoryShelf } from "../../shared/storage.ts";
import { AT, FakeLine, time } from "../../shared/tests/wire.ts";
import { returnTo, TopUp } from "../topUp.ts";
import { Visit } from "../visit.ts";
import { CUSTOMER, type FakeHub, granted, problem, type Reply, startHub } from "./hub.ts";

const PACKAGES = [{ credits: 50, amount: { value: 5000, currency: "EUR" } }, { credits: 100, amount: { value: 9500, currency: "EUR" } }];
const WAYS = [
  { provider: "mollie", method: "ideal", name: "iDEAL | Wero" }, { provider: "bank_transfer", method: "bank_transfer", name: "Bank transfer" },
];
const SHOP = { results: PACKAGES, methods: WAYS, may_buy: true };

let hub: FakeHub;
let visit: Visit;
let topUp: TopUp;
let shelf: MemoryShelf;
let tab: { went: string[]; closed: boolean };
let blocked: boolean;

const bought = (status = "open", more: object = {}) => ({
  id: "P", credits: 50, amount: PACKAGES[0]!.amount, method: "ideal", status, created_at: time(), redirect_url: "https://pay.example/1", ...more,
});
const answers = (method: string, path: string, reply: Reply | (() => Reply | Promise<Reply>)) =>
  hub.rules.set(`${method} /api/v1/${path}`, typeof reply === "function" ? reply : () => reply);
const settled = () => vi.advanceTimersByTimeAsync(0);
const says = (status: string, purchase = "P") => FakeLine.last.says({ type: "purchase", purchase, status, credits: 50 } as never);
const posts = () => hub.asked.filter(({ url, key }) => url === "/api/v1/purchases/" && key);

async function begin(passing = new MemoryShelf()): Promise<void> {
  shelf = passing;
  visit = new Visit({ site: "K", socket_url: "ws://hub", lasting: new MemoryShelf(), passing, tell: () => undefined });
  await visit.begin();
  await settled();
  FakeLine.last.welcomes();
  tab = { went: [], closed: false };
  topUp = new TopUp(visit, {
    site: "K", passing, open: () => blocked ? null : { go: (url) => void tab.went.push(url), close: () => void (tab.closed = true) },
  });
  await topUp.load();
}

async function pay(): Promise<void> {
  topUp.pay(topUp.shop.value!.packages[0]!, topUp.shop.value!.ways[0]!);
  await settled();
}

beforeEach(() => {
  vi.useFakeTimers({ now: AT });
  vi.stubGlobal("WebSocket", FakeLine);
  FakeLine.all.length = 0;
  blocked = false;
  hub = startHub();
  hub.replies = [granted({ customer: CUSTOMER })];
  answers("GET", "packages/", { json: SHOP });
  answers("GET", "purchases/", { json: { results: [] } });
  answers("POST", "purchases/", { json: bought(), status: 201 });
  answers("GET", "purchases/P/", { json: bought() });
});

afterEach(() => {
  visit.socket.close();
  topUp.again();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("C2: pays in a window of its own, and hears by the line that the credits are there", async () => {
  await begin();
  expect(topUp.shop.value?.ways.map(({ method }) => method)).toEqual(["ideal"]);
  await pay();
  expect(posts()[0]!.body).toEqual({ credits: 50, amount: 5000, provider: "mollie", method: "ideal", return_to: "/store/done/" });
  expect([tab.went, topUp.stage.value.kind]).toEqual([["https://pay.example/1"], "paying"]);
  const before = hub.asked.length;
  says("paid");
  expect(topUp.stage.value).toEqual({ kind: "paid", credits_m: 50_000 });
  await settled();
  expect(hub.asked.slice(before).map(({ url }) => url)).toEqual(["/api/v1/widget/session/"]);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(topUp.stage.value.kind).toBe("choosing");
});

test.each([429, 503])("C2: a hub that says %d is asked again what is for sale", async (status) => {
  answers("GET", "packages/", problem(status, "busy"));
  await begin();
  expect(topUp.shop.value).toBeNull();
  answers("GET", "packages/", { json: SHOP });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(topUp.shop.value?.packages).toEqual(PACKAGES);
});

test("S3: where the line says nothing, the hub is asked: now and then, and when somebody comes back", async () => {
  await begin();
  await pay();
  answers("GET", "purchases/P/", { json: bought("pending") });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(topUp.stage.value).toMatchObject({ kind: "paying", purchase: { status: "pending" } });
  answers("GET", "purchases/P/", { json: bought("paid") });
  dispatchEvent(new Event("focus"));
  await settled();
  expect(topUp.stage.value.kind).toBe("paid");
});

test.each([["failed", /did not succeed/], ["cancelled", /was cancelled/], ["expired", /time to pay/]])("a payment that is %s says so, and another can be made", async (status, words) => {
  await begin();
  await pay();
  says(status);
  expect([topUp.stage.value.kind, topUp.problem.value]).toEqual(["choosing", expect.stringMatching(words)]);
  await pay();
  expect(new Set(posts().map(({ key }) => key)).size).toBe(2);
});

test("a second try of the same wish is no second payment", async () => {
  await begin();
  answers("POST", "purchases/", problem(503, "busy"));
  await pay();
  expect([topUp.stage.value.kind, topUp.problem.value, tab.closed]).toEqual(["choosing", "busy", true]);
  answers("POST", "purchases/", () => Promise.reject(new TypeError("no network")));
  await pay();
  answers("POST", "purchases/", { json: bought(), status: 201 });
  await pay();
  expect([posts().length, new Set(posts().map(({ key }) => key)).size, topUp.stage.value.kind]).toEqual([3, 1, "paying"]);
});

test("S1: a price that has changed is shown, and nothing was bought", async () => {
  await begin();
  const dearer = [{ credits: 50, amount: { value: 5500, currency: "EUR" } }];
  answers("GET", "packages/", { json: { ...SHOP, results: dearer } });
  answers("POST", "purchases/", problem(409, "conflict"));
  await pay();
  await settled();
  expect([topUp.stage.value.kind, topUp.shop.value?.packages, tab.closed]).toEqual(["choosing", dearer, true]);
  expect(topUp.problem.value).not.toBe("");
});

test("where no window opens, the payment page takes the place of the site's, and leads back to it", async () => {
  blocked = true;
  await begin();
  visit.page = { url: "https://shop.example/basket?step=2#top" };
  await pay();
  expect(posts()[0]!.body).toMatchObject({ return_to: "https://shop.example/basket?step=2" });
  expect(topUp.stage.value).toMatchObject({ kind: "paying", here: true });
  answers("GET", "purchases/P/", { json: bought("cancelled") });
  visit.socket.close();
  await begin(shelf);
  expect([topUp.stage.value.kind, topUp.problem.value]).toEqual(["choosing", expect.stringMatching(/cancelled/)]);
  expect(returnTo(`https://shop.example/${"x".repeat(300)}`)).toBe("https://shop.example/");
  expect(returnTo(`${location.origin}/demo/?a=1`)).toBe("/demo/?a=1");
});

test("a payment begun in another window is waited for here too, and one that is long over is not", async () => {
  answers("GET", "purchases/", { json: { results: [bought()] } });
  await begin();
  expect(topUp.stage.value).toMatchObject({ kind: "paying", purchase: { id: "P" } });
  visit.socket.close();
  answers("GET", "purchases/", { json: { results: [bought("open", { created_at: time(-3600) })] } });
  await begin();
  expect(topUp.stage.value.kind).toBe("choosing");
  says("paid", "Q");
  expect(topUp.stage.value.kind).toBe("paid");
});

test("P4: nothing is offered where there are no payments, nor to who does not buy", async () => {
  for (const shop of [{ ...SHOP, methods: [] }, { ...SHOP, results: [] }, { ...SHOP, methods: [WAYS[1]] }, { ...SHOP, may_buy: false }]) {
    answers("GET", "packages/", { json: shop });
    await begin();
    expect(topUp.shop.value).toBeNull();
    visit.socket.close();
  }
});

test("S1: a voucher gives credits at once, and a wrong one says so", async () => {
  await begin();
  answers("POST", "vouchers/redeem/", problem(404, "not_found"));
  await topUp.redeem("WRONG");
  expect([topUp.problem.value, topUp.stage.value.kind]).toEqual(["not_found", "choosing"]);
  answers("POST", "vouchers/redeem/", { json: { credits_m: 20_000, expires_at: null } });
  await topUp.redeem("RIGHT");
  expect(topUp.stage.value).toEqual({ kind: "paid", credits_m: 20_000 });
});

test("S3: a window in which somebody chooses learns that another one has begun to pay", async () => {
  await begin();
  answers("GET", "purchases/Q/", { json: bought("open", { id: "Q" }) });
  says("open", "Q");
  await settled();
  expect(topUp.stage.value).toMatchObject({ kind: "paying", purchase: { id: "Q" } });
  says("paid", "Q");
  expect(topUp.stage.value).toEqual({ kind: "paid", credits_m: 50_000 });
});

test("S3: the window that begins to pay follows its own payment, whatever comes first", async () => {
  await begin();
  const before = hub.asked.length;
  topUp.pay(topUp.shop.value!.packages[0]!, topUp.shop.value!.ways[0]!);
  says("open");
  await settled();
  expect(topUp.stage.value).toMatchObject({ kind: "paying", purchase: { id: "P" } });
  expect(hub.asked.slice(before).filter(({ url }) => url === "/api/v1/purchases/P/")).toEqual([]);
});

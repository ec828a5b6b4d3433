import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { MemoryShelf } from "../../shared/storage.ts";
import { AT, FakeLine, time } from "../../shared/tests/wire.ts";
import { type Place, PlaceProvider } from "../context.ts";
import { TopUpCard } from "../TopUpCard.tsx";
import { Visit } from "../visit.ts";
import { CUSTOMER, type FakeHub, granted, startHub } from "./hub.ts";

const SIZES = [50, 100, 150, 200, 250];
const PACKAGES = SIZES.map((credits) => ({ credits, amount: { value: credits * 100, currency: "EUR" } }));
const WAYS = [{ provider: "mollie", method: "ideal", name: "iDEAL | Wero" }, { provider: "mollie", method: "card", name: "Card" }];

let hub: FakeHub;
let visit: Visit;
let box: HTMLElement;

const bought = (more: object = {}) => ({
  id: "P", credits: 50, amount: PACKAGES[0]!.amount, method: "ideal", status: "open", created_at: time(), redirect_url: "https://pay.example/1", ...more,
});
const settled = () => act(async () => void (await vi.advanceTimersByTimeAsync(0)));
const find = (selector: string) => box.querySelector<HTMLElement>(selector);
const texts = (selector: string) => [...box.querySelectorAll(selector)].map(({ textContent }) => textContent);
const click = (selector: string) => act(() => find(selector)!.click());

async function show(lacks_m = 0): Promise<void> {
  visit = new Visit({ site: "K", socket_url: "ws://hub", lasting: new MemoryShelf(), passing: new MemoryShelf(), tell: () => undefined });
  await visit.begin();
  await settled();
  FakeLine.last.welcomes();
  const place = { visit, site: "K", passing: new MemoryShelf() } as unknown as Place;
  box = document.createElement("div");
  document.body.append(box);
  await act(() => render(
    <PlaceProvider value={place}><TopUpCard lacks_m={lacks_m} otherwise={<p>Ask us</p>}><p>Top up</p></TopUpCard></PlaceProvider>, box,
  ));
  await settled();
}

beforeEach(() => {
  vi.useFakeTimers({ now: AT });
  vi.stubGlobal("WebSocket", FakeLine);
  vi.stubGlobal("open", () => null);
  FakeLine.all.length = 0;
  hub = startHub();
  hub.replies = [granted({ customer: CUSTOMER })];
  hub.rules.set("GET /api/v1/packages/", () => ({ json: { results: PACKAGES, methods: WAYS, may_buy: true } }));
  hub.rules.set("GET /api/v1/purchases/", () => ({ json: { results: [] } }));
  hub.rules.set("GET /api/v1/purchases/P/", () => ({ json: bought() }));
  hub.rules.set("POST /api/v1/purchases/", () => ({ json: bought(), status: 201 }));
});

afterEach(() => {
  visit.socket.close();
  render(null, box);
  box.remove();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("C2: the first amount that is enough is marked, and one click pays", async () => {
  await show(120_000);
  expect(texts(".chips b")).toEqual(["150", "200", "250"]);
  expect([texts(".chips .on b"), find(".btn.primary")?.textContent]).toEqual([["150"], "Pay €150.00 with iDEAL | Wero"]);
  await click(".btn.primary");
  await settled();
  expect(hub.asked.find(({ key }) => key)?.body).toMatchObject({ credits: 150, provider: "mollie", method: "ideal" });
});

test("other amounts, ways and a voucher come with one more click, and what was chosen stays", async () => {
  await show();
  expect(texts(".chips b")).toEqual(["50", "100", "150"]);
  await click(".link");
  expect(texts(".chips b")).toEqual(SIZES.map(String));
  expect([texts(".ways label"), find("[name=voucher]") !== null]).toEqual([["iDEAL | Wero", "Card"], true]);
  await click(".chips label:nth-child(4) input");
  await click(".ways label:nth-child(3) input");
  expect(find(".btn.primary")?.textContent).toBe("Pay €200.00 with Card");
});

test("where the browser opens no window there is a link in its place; once it is paid it says so", async () => {
  await show();
  await click(".btn.primary");
  await settled();
  const link = find("a.btn") as HTMLAnchorElement;
  expect([link.getAttribute("href"), link.target, link.textContent]).toEqual(["https://pay.example/1", "_top", "Go to the payment page"]);
  await act(() => void FakeLine.last.says({ type: "purchase", purchase: "P", status: "pending", credits: 50 } as never));
  expect([find("a.btn"), find("[role=status]")?.textContent]).toEqual([null, expect.stringContaining("still working on it")]);
  await act(() => void FakeLine.last.says({ type: "purchase", purchase: "P", status: "paid", credits: 50 } as never));
  expect(find("[role=status]")?.textContent).toBe("Added: 50.0 credits");
});

test("a payment by telephone tells the number and the code, and no address but a page's is led to", async () => {
  const call = bought({ redirect_url: "javascript:alert(1)", instructions: { number: "0909 1234", code: "4711" } });
  hub.rules.set("POST /api/v1/purchases/", () => ({ json: call, status: 201 }));
  await show();
  await click(".btn.primary");
  await settled();
  expect([texts("dd"), find("a.btn")]).toEqual([["0909 1234", "4711"], null]);
});

test("P4: to who cannot buy here something else is said", async () => {
  hub.rules.set("GET /api/v1/packages/", () => ({ json: { results: PACKAGES, methods: WAYS, may_buy: false } }));
  await show();
  expect(box.textContent).toBe("Ask us");
});

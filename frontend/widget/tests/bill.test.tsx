import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Conversation } from "../../shared/conversations.ts";
import type { Session } from "../../shared/protocol.ts";
import { MemoryShelf } from "../../shared/storage.ts";
import { AT, session, time } from "../../shared/tests/wire.ts";
import { Account } from "../account.ts";
import { type Place, PlaceProvider } from "../context.ts";
import { Bill } from "../Ended.tsx";
import { CUSTOMER, type FakeHub, granted, startHub } from "./hub.ts";

const SESSION_POST = "POST /api/v1/widget/session/";
const CONVERSATION = { meter: { value: null } } as unknown as Conversation;

let hub: FakeHub;
let account: Account;
let page: HTMLElement;

beforeEach(async () => {
  vi.useFakeTimers({ now: AT, toFake: ["Date"] });
  hub = startHub();
  hub.replies = [granted({ customer: CUSTOMER })];
  account = new Account("K", new MemoryShelf());
  await account.refresh();
  page = document.createElement("div");
});

afterEach(() => {
  render(null, page);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function show(charged_m: number): Promise<void> {
  const of: Session = session({
    state: "ended", started_at: time(), ended_at: time(90), price_m: 2000, block_s: 60,
    summary: { elapsed_s: 90, free_s: 0, charged_m, paused: [] },
  });
  const place = { visit: { account } } as unknown as Place;
  return act(() => render(<PlaceProvider value={place}><Bill conversation={CONVERSATION} session={of} /></PlaceProvider>, page));
}

/** Answers of the hub that come when the test says so. */
function slowAnswers(): ((balance_m: number) => Promise<void>)[] {
  const waiting: ((balance_m: number) => Promise<void>)[] = [];
  hub.rules.set(SESSION_POST, () => new Promise((answer) => {
    waiting.push((balance_m) => act(async () => {
      answer(granted({ customer: { ...CUSTOMER, balance_m } }));
      await new Promise((passed) => setTimeout(passed));
    }));
  }));
  return waiting;
}

test("C12, M3: the balance from before the chat is not shown under its bill", async () => {
  const answers = slowAnswers();
  await show(4000);
  expect(page.textContent).toContain("4.0 credits");
  expect(page.textContent).not.toContain("Balance");
  await answers[0]!(80_000);
  expect(page.textContent).toContain("Balance80.0 credits");
  await show(6000); // the last block came to it
  expect(page.textContent).not.toContain("Balance");
  await answers[1]!(78_000);
  expect(page.textContent).toContain("Balance78.0 credits");
});

test("C12, M3: what was asked before the bill was made up is no answer", async () => {
  const answers = slowAnswers();
  const early = account.refresh();
  await show(4000);
  await answers[0]!(84_000);
  await early;
  expect(page.textContent).not.toContain("Balance");
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  await answers[1]!(80_000);
  expect(page.textContent).toContain("Balance80.0 credits");
});

test("C12: without a connection the bill is there without a balance", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
  await show(4000);
  expect(page.textContent).toContain("4.0 credits");
  expect(page.textContent).not.toContain("Balance");
});

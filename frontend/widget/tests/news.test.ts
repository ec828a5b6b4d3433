import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { MemoryShelf } from "../../shared/storage.ts";
import { AT } from "../../shared/tests/wire.ts";
import { Account } from "../account.ts";
import { Departments } from "../departments.ts";
import { News } from "../news.ts";
import { CUSTOMER, type FakeHub, granted, startHub } from "./hub.ts";

const SAID = { id: "5", title: "Closed on Friday", text: "We are back on Monday.", language: "en" };

let hub: FakeHub;
let account: Account;
let departments: Departments;
let shelf: MemoryShelf;
const news = () => new News("K", shelf, account, departments);
const told = () => hub.asked.filter(({ url }) => url.includes("/seen/"));

beforeEach(() => {
  vi.useFakeTimers({ now: AT });
  hub = startHub();
  shelf = new MemoryShelf();
  account = new Account("K", new MemoryShelf());
  departments = new Departments("K", () => account.token());
  departments.announcement.value = SAID;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("D4: what was put away stays away on the next page; what is announced next is shown", () => {
  expect(news().current.value).toEqual(SAID);
  news().putAway("5");
  const later = news();
  expect(later.current.value).toBeNull();
  departments.announcement.value = { ...SAID, id: "6" };
  expect(later.current.value?.id).toBe("6");
});

test("D4: the hub is told once that a customer has seen it", async () => {
  hub.replies = [granted({ customer: CUSTOMER })];
  await account.refresh();
  const shown = news();
  shown.noteSeen("5");
  shown.noteSeen("5");
  await vi.advanceTimersByTimeAsync(0);
  expect(told().map(({ url, token }) => [url, token !== null])).toEqual([["/api/v1/announcements/5/seen/", true]]);
});

test("D4: of visitors nobody knows who has seen it", async () => {
  await account.refresh();
  news().noteSeen("5");
  await vi.advanceTimersByTimeAsync(0);
  expect(told()).toEqual([]);
});

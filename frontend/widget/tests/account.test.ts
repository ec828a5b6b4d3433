import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { NotSignedIn } from "../../shared/socket.ts";
import { MemoryShelf } from "../../shared/storage.ts";
import { AT } from "../../shared/tests/wire.ts";
import { Account } from "../account.ts";
import { CUSTOMER, type FakeHub, granted, problem, startHub } from "./hub.ts";

let hub: FakeHub;
let shelf: MemoryShelf;

/** A token as a site's server signs it; only its middle is read here. */
const identity = (sub: string) => `h.${btoa(JSON.stringify({ sub }))}.s`;

beforeEach(() => {
  vi.useFakeTimers({ now: AT });
  hub = startHub();
  shelf = new MemoryShelf();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("C13: nothing is kept before the hub was asked", () => {
  new Account("K", shelf);
  expect(shelf.getItem("balie.K.token")).toBeNull();
  expect(hub.asked).toEqual([]);
});

test("a token is kept over a reload and asked for again before it ends, as the same person", async () => {
  hub.replies = [granted(), granted()];
  const first = await new Account("K", shelf).token();
  const account = new Account("K", shelf);
  expect(await account.token()).toBe(first);
  expect(hub.asked).toHaveLength(1);
  vi.setSystemTime(AT + 56 * 60_000);
  expect(await account.token()).not.toBe(first);
  expect(hub.asked[1]).toMatchObject({ token: first, body: { site_key: "K" } });
});

test("two who ask at once make one request", async () => {
  const account = new Account("K", shelf);
  const [one, other] = await Promise.all([account.token(), account.token()]);
  expect(one).toBe(other);
  expect(hub.asked).toHaveLength(1);
});

test("P11: who comes by the site is who the site says, once per person", async () => {
  const account = new Account("K", shelf);
  hub.replies = [granted({ customer: CUSTOMER })];
  expect(await account.identify(identity("42"))).toBe(true);
  expect(account.customer.value).toEqual(CUSTOMER);
  // The page was loaded again, perhaps from a cache, with a token that was used.
  hub.replies = [problem(401, "bad_identity")];
  expect(await account.identify(identity("42"))).toBe(false);
  expect(account.customer.value).toEqual(CUSTOMER);
  expect(hub.asked).toHaveLength(1);
});

test("P11: a token that the hub does not believe changes nothing", async () => {
  const account = new Account("K", shelf);
  hub.replies = [problem(401, "bad_identity")];
  expect(await account.identify("junk")).toBe(false);
  expect(account.customer.value).toBeNull();
});

test("P11: who has left the site has left the widget; who signed in here stays", async () => {
  const account = new Account("K", shelf);
  hub.replies = [granted({ customer: CUSTOMER })];
  await account.identify(identity("42"));
  expect(await account.identify("")).toBe(true);
  expect([account.customer.value, shelf.getItem("balie.K.token")]).toEqual([null, null]);
  await account.signIn("20000001", "secret");
  expect(await account.identify("")).toBe(false);
  expect(account.customer.value).toEqual(CUSTOMER);
});

test("a token that is no longer good makes a new visitor, not an error", async () => {
  await new Account("K", shelf).token();
  hub.replies = [problem(401, "not_signed_in"), granted()];
  await new Account("K", shelf).token(true);
  expect(hub.asked.map(({ token }) => token !== null)).toEqual([false, true, false]);
});

test("a site that is not known stops; no network is an error that passes", async () => {
  hub.replies = [problem(403, "wrong_origin")];
  await expect(new Account("K", shelf).token()).rejects.toBeInstanceOf(NotSignedIn);
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
  await expect(new Account("K", shelf).token()).rejects.toBeInstanceOf(TypeError);
});

test("P2: by a code that was sent, without leaving", async () => {
  const account = new Account("K", shelf);
  const asked = { challenge: "c-1", expires_at: new Date(AT + 300_000).toISOString(), again_at: new Date(AT + 30_000).toISOString() };
  hub.replies = [{ status: 202, json: asked }, problem(401, "wrong_code"), granted({ customer: CUSTOMER })];
  expect(await account.askCode("06 12345678")).toEqual(asked);
  expect(hub.asked[0]).toMatchObject({ url: "/api/v1/widget/code/", body: { site_key: "K", login: "06 12345678" } });
  await expect(account.signInByCode("c-1", "000000")).rejects.toMatchObject({ code: "wrong_code" });
  expect(account.customer.value).toBeNull();
  await account.signInByCode("c-1", "123456");
  expect(hub.asked[2]).toMatchObject({ body: { site_key: "K", challenge: "c-1", code: "123456" } });
  expect(account.customer.value).toEqual(CUSTOMER);
});

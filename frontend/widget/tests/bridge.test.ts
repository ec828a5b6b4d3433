import { afterEach, expect, test, vi } from "vitest";

import type { ToFrame } from "../../loader/messages.ts";
import { Bridge } from "../bridge.ts";

const SHOP = "https://shop.example";
const parent = { postMessage: vi.fn() };

function embed(allowed: string[]): { bridge: Bridge; heard: ToFrame[] } {
  vi.spyOn(window, "parent", "get").mockReturnValue(parent as unknown as Window);
  const heard: ToFrame[] = [];
  const bridge = new Bridge(allowed);
  bridge.start((each) => heard.push(each));
  return { bridge, heard };
}

function post(data: unknown, origin = SHOP, source: unknown = parent): void {
  dispatchEvent(Object.assign(new Event("message"), { data, origin, source }));
}

afterEach(() => {
  vi.restoreAllMocks();
  parent.postMessage.mockReset();
});

test("says no more than that it is there, before it knows to whom", () => {
  const { bridge } = embed([SHOP]);
  expect(parent.postMessage.mock.calls).toEqual([[{ balie: "ready" }, "*"]]);
  bridge.tell({ balie: "unread", count: 3 });
  expect(parent.postMessage).toHaveBeenCalledTimes(1);
});

test("hears the page around it when the site allows that page, and answers that page alone", () => {
  const { bridge, heard } = embed([SHOP]);
  post({ balie: "open" });
  bridge.tell({ balie: "close" });
  expect(heard).toEqual([{ balie: "open" }]);
  expect(parent.postMessage).toHaveBeenLastCalledWith({ balie: "close" }, SHOP);
});

test.each([
  ["a page that the site does not allow", { balie: "identify", token: "x" }, "https://evil.example", parent],
  ["an origin that only begins like an allowed one", { balie: "open" }, `${SHOP}.evil.example`, parent],
  ["a window that is not around it", { balie: "open" }, SHOP, {}],
  ["what is no message of ours", "open", SHOP, parent],
  ["nothing", null, SHOP, parent],
])("X3: does not hear %s", (_, data, origin, source) => {
  const { heard } = embed([SHOP]);
  post(data, origin, source);
  expect(heard).toEqual([]);
});

test("X3: stays with the origin that it heard first", () => {
  const { heard } = embed([SHOP, "https://other.example"]);
  post({ balie: "open" });
  post({ balie: "shutdown" }, "https://other.example");
  expect(heard).toEqual([{ balie: "open" }]);
});

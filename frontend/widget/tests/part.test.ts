import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Part } from "../part.ts";

/** Answers in turn: a module, or that it cannot be had. */
function answering(...answers: (object | null)[]) {
  const load = vi.fn(async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (!answer) throw new TypeError("Failed to fetch dynamically imported module");
    return answer;
  });
  return { load, part: new Part(load) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("is loaded once, however many ask", async () => {
  const here = {};
  const { load, part } = answering(here);
  expect(await Promise.all([part.fetch(), part.want(), part.want()])).toEqual([here, here, here]);
  await part.want();
  expect(load).toHaveBeenCalledTimes(1);
  expect([part.module.value === here, part.missing.value]).toEqual([true, false]);
});

test("is tried again by itself: the line may have been lost for a moment", async () => {
  const here = {};
  const { load, part } = answering(null, null, here);
  const wanted = part.want();
  await vi.runAllTimersAsync();
  expect(await wanted).toBe(here);
  expect([load.mock.calls.length, part.missing.value]).toEqual([3, false]);
});

test("what does not come is said to who needs it, and can be asked for again", async () => {
  const { part } = answering(null, null, null, {});
  const wanted = part.want();
  await vi.runAllTimersAsync();
  expect([await wanted, part.missing.value]).toEqual([null, true]);
  const again = part.want();
  expect(part.missing.value).toBe(false);
  await again;
  expect([part.module.value, part.missing.value]).toEqual([{}, false]);
});

test("nobody is told that what nobody needs yet did not come", async () => {
  const { part } = answering(null);
  const fetched = part.fetch();
  await vi.runAllTimersAsync();
  expect([await fetched, part.missing.value]).toEqual([null, false]);
});

test("somebody who needs it while it is being fetched ahead is told", async () => {
  const { part } = answering(null);
  void part.fetch();
  const wanted = part.want();
  await vi.runAllTimersAsync();
  expect([await wanted, part.missing.value]).toEqual([null, true]);
});

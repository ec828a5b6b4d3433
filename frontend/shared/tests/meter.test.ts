import { expect, test } from "vitest";

import { neededToStart, readMeter, secondsFor, warningOf } from "../meter.ts";
import { AT, meter, time } from "./wire.ts";

const after = (seconds: number) => AT + seconds * 1000;

test("M3: it moves each second from one frame", () => {
  const reading = readMeter(meter(), after(12));
  expect(reading).toMatchObject({ elapsed_s: 102, charged_m: 4000, available_m: 20_000, left_s: 618, look: "run" });
});

test("M2: a block is charged when it begins, not before", () => {
  expect(readMeter(meter(), after(29.9)).charged_m).toBe(4000);
  expect(readMeter(meter(), after(30)).charged_m).toBe(6000);
  expect(readMeter(meter(), after(89.9)).charged_m).toBe(6000);
  expect(readMeter(meter(), after(90))).toMatchObject({ charged_m: 8000, available_m: 16_000, balance_m: 16_000 });
});

test("M4: it never counts beyond what there is", () => {
  const reading = readMeter(meter({ available_m: 3000, balance_m: 3000, empty_at: time(90) }), after(3600));
  expect(reading).toMatchObject({ charged_m: 6000, available_m: 1000, left_s: 0 });
});

test("M5: while the line is down the figures of then are shown", () => {
  const reading = readMeter(meter(), after(600), after(20));
  expect(reading).toMatchObject({ elapsed_s: 110, charged_m: 4000, look: "paused" });
});

test("a frame that is ahead of our clock never makes time run backwards", () => {
  expect(readMeter(meter(), after(-5))).toMatchObject({ elapsed_s: 90, charged_m: 4000 });
});

test.each(["paused", "ready", "grace", "ended"] as const)("%s: the figures stand still", (state) => {
  const still = meter({ state, next_charge_at: null, empty_at: null });
  expect(readMeter(still, after(600))).toMatchObject({ elapsed_s: 90, charged_m: 4000 });
});

test("M4: warnings at 5, 2 and 1 minutes, for the smallest that applies", () => {
  const left = (seconds: number) => warningOf(readMeter(meter({ empty_at: time(seconds) }), AT));
  expect([left(301), left(300), left(121), left(120), left(61), left(60), left(0)]).toEqual([undefined, 5, 5, 2, 2, 1, 1]);
  expect(warningOf(readMeter(meter({ state: "paused", empty_at: null }), AT))).toBeUndefined();
});

test("M4: grace says how long", () => {
  const reading = readMeter(meter({ state: "grace", available_m: 0, balance_m: 0, empty_at: null, next_charge_at: null, grace_until: time(120) }), after(19));
  expect(reading).toMatchObject({ look: "out", left_s: 0, grace_left_s: 101, left_percent: 0 });
});

test("P12: a VIP is shown time and nothing of money", () => {
  const reading = readMeter(meter({ price_m: null, charged_m: null, balance_m: null, available_m: null, empty_at: null }), after(300));
  expect(reading).toMatchObject({ elapsed_s: 390, charged_m: undefined, available_m: undefined, balance_m: undefined, left_s: undefined });
});

test("the ring shows what is left of what there was", () => {
  expect(readMeter(meter(), AT).left_percent).toBeCloseTo((100 * 630) / 750);
});

test("C1: a balance as time, in whole blocks and with the free seconds; C2 asks for the minimum", () => {
  const price = { price_m: 2000, block_s: 60, free_s: 0, minimum_blocks: 1 };
  expect(secondsFor(84_000, price)).toBe(42 * 60);
  expect(secondsFor(3_999, { ...price, free_s: 60 })).toBe(120);
  expect(secondsFor(84_000, { ...price, price_m: 0 })).toBeUndefined();
  expect(neededToStart({ ...price, minimum_blocks: 5 })).toBe(10_000);
});

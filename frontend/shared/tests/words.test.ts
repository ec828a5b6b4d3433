import { expect, test } from "vitest";
import { eventText, priceText, shortPrice } from "../words.ts";

test("C1: a price says its block to the second, where that is no whole minute", () => {
  expect(priceText({ price_m: 1000, block_s: 30 })).toEqual({ amount: "2.0", unit: "credits/min" });
  expect(priceText({ price_m: 3000, block_s: 90 })).toEqual({ amount: "3.0", unit: "credits per 1 min 30 s" });
  expect(shortPrice({ price_m: 3000, block_s: 150 })).toBe("3.0 per 2 min 30 s");
  expect(eventText({ type: "granted", name: "Daan", seconds: 90 }, "Daan")).toBe("Daan gave 1 min 30 s extra");
});

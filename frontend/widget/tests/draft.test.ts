import { expect, test } from "vitest";

import { parseCredits } from "../draft.ts";

test("C1: credits as people type them", () => {
  expect(["12", "12.5", "12,5", " 7 ", "۱۲٫۵", "0.125"].map(parseCredits)).toEqual([12_000, 12_500, 12_500, 7_000, 12_500, 125]);
  expect(["", "0", "-3", "1.2345", "abc", "1e9", "1 000"].map(parseCredits)).toEqual(Array(7).fill(undefined));
});

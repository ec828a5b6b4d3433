import { expect, it } from "vitest";

import { millicredits } from "../Balance.tsx";
import { tagsOf } from "../WrapUp.tsx";

it("L6: credits as typed become whole millicredits, or nothing", () => {
  expect(["25", "2,5", "0.125", " 7.05 "].map(millicredits)).toEqual([25_000, 2_500, 125, 7_050]);
  expect(["", "-5", "1e3", "2.5001", "1.000,5", "١٠"].map(millicredits)).toEqual(Array(6).fill(undefined));
});

it("tags are the words between commas, each once", () => {
  expect(tagsOf(" wifi, printer ,, wifi،رایانه")).toEqual(["wifi", "printer", "رایانه"]);
  expect(tagsOf("x".repeat(60))[0]).toHaveLength(40);
});

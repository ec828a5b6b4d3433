import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("U1: what aligns as its parent does so in Chrome, too, which knows that only by another name", () => {
  const lonely = globSync("frontend/*/*.css", { exclude: ["frontend/dist/**"] }).flatMap((file) => {
    const css = readFileSync(file, "utf8");
    const [all, both] = [/text-align: match-parent/g, /text-align: -webkit-match-parent; text-align: match-parent/g];
    return (css.match(all) ?? []).length === (css.match(both) ?? []).length ? [] : [file];
  });
  expect(lonely).toEqual([]);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { withUsedTokens } from "../lean.ts";

const SHARED = join(import.meta.dirname, "../../shared");

test("a token that no sheet reads is left out, also where only such a one reads it", () => {
  const tokens = ":root { --a: light-dark(oklch(1 0 0 / 0.5), var(--b)); --b: 0 1px rgb(0 0 0); --c: var(--d); --d: 1px; --e: 2px; }";
  const lean = withUsedTokens(tokens, "p { color: var( --a); }");
  expect(lean.match(/--\w+(?=:)/g)).toEqual(["--a", "--b"]);
  expect(lean).toContain("--a: light-dark(oklch(1 0 0 / 0.5), var(--b));");
});

test("U3: of the tokens as they are, each that is read is there, with its value, and nothing else is touched", () => {
  const tokens = readFileSync(join(SHARED, "tokens.css"), "utf8");
  const sheets = readFileSync(join(SHARED, "components.css"), "utf8");
  const lean = withUsedTokens(tokens, sheets);
  const settings = (css: string) => new Set(css.match(/--[\w-]+:\s*[^;]+;/g));
  const read = new Set((lean + sheets).match(/(?<=var\(\s*)--[\w-]+/g));
  const kept = settings(lean);
  expect([...settings(tokens)].filter((each) => read.has(each.split(":")[0]!) && !kept.has(each))).toEqual([]);
  expect(lean.length).toBeLessThan(tokens.length);
  expect(withUsedTokens(tokens, tokens + [...settings(tokens)].map((each) => `var(${each.split(":")[0]})`).join())).toBe(tokens);
});

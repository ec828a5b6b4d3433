import { existsSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { BUNDLES, languages, missing, poPath } from "../catalogs.ts";
import { messagesOf } from "../messages.ts";
import { readPo } from "../po.ts";

const names = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

describe.each(languages())("U1: %s", (language) => {
  const po = readPo(poPath(language));

  test.each(Object.entries(BUNDLES).filter(([, entry]) => existsSync(entry)))("says everything that the %s says", (_, entry) => {
    expect(missing(po, messagesOf(entry))).toEqual([]);
  });

  test("fills in the same names as English", () => {
    for (const { one, other, texts } of po.entries.values()) {
      const allowed = new Set([...names(one), ...names(other ?? one)]);
      for (const text of texts) expect(names(text).filter((name) => !allowed.has(name)), text).toEqual([]);
      // A singular may leave the number out; the last form is the one for most numbers.
      expect(names(texts.at(-1)!), one).toEqual(names(other ?? one));
    }
  });

  test("has a form for each that its header names", () => {
    const forms = new Set(Array.from({ length: 200 }, (_, n) => po.formOf(n))).size;
    for (const { one, other, texts } of po.entries.values()) if (other !== undefined) expect(texts, one).toHaveLength(forms);
  });
});

test("texts are found as they are written, and not in comments", () => {
  const texts = messagesOf(BUNDLES.widget!).map(({ one }) => one);
  expect(texts).toContain("Start chat");
  expect(texts).not.toContain("…");
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";
import { describe, expect, test } from "vitest";

import { BUNDLES, everything, languages, missing, poPath } from "../catalogs.ts";
import { messagesOf } from "../messages.ts";
import { readPo } from "../po.ts";

const FRONTEND = join(import.meta.dirname, "../..");
/** Names that are the same in every language, and single letters and signs. */
const NO_WORDS = /^(?:Balie|[^\p{L}]*|\p{L})$/u;
const READ_ALOUD = new Set(["aria-label", "title", "placeholder", "alt", "label"]);

// What a translation must look like is for tests/site/test_catalogs.py; here is what only the sources of the pages tell.
describe.each(languages())("U1: %s", (language) => {
  const po = readPo(poPath(language));

  test.each(Object.entries(BUNDLES).filter(([, entry]) => existsSync(entry)))("says everything that the %s says", (_, entry) => {
    expect(missing(po, messagesOf(entry))).toEqual([]);
  });

  test("has no text that nobody says any more", () => {
    const said = new Set(everything().map(({ one }) => one));
    expect([...po.entries.keys()].filter((one) => !said.has(one))).toEqual([]);
  });

  test("has the plural forms that the browser asks for", () => {
    const rules = new Intl.PluralRules(language);
    const pairs = new Map(Array.from({ length: 200 }, (_, n) => [rules.select(n), po.formOf(n)]));
    expect(new Set(pairs.values()).size, "each of Intl's names is one form").toBe(pairs.size);
    for (const { one, other, texts } of po.entries.values()) if (other !== undefined) expect(texts, one).toHaveLength(pairs.size);
  });
});

test("texts are found as they are written, and not in comments", () => {
  const texts = messagesOf(BUNDLES.widget!).map(({ one }) => one);
  expect(texts).toContain("Start chat");
  expect(texts).not.toContain("…");
});

test("U1: every text of a source is in some page's catalog", () => {
  const known = new Set(everything().flatMap(({ files }) => files));
  const asking = sources().filter((path) => /\btn?\("/.test(source(path)) && !/(^build|tests)\//.test(path));
  expect(asking.filter((path) => !known.has(`frontend/${path}`))).toEqual([]);
});

test("U1: nothing that is shown or read aloud stands in the pages untranslated", () => {
  const found = sources().filter((path) => path.endsWith(".tsx") && !path.includes("tests/")).flatMap(untranslated);
  expect(found).toEqual([]);
});

function sources(): string[] {
  const all = readdirSync(FRONTEND, { recursive: true, encoding: "utf8" });
  return all.filter((path) => /\.tsx?$/.test(path) && !/^(dist|locale)\//.test(path) && !path.endsWith(".d.ts"));
}

function source(path: string): string {
  return readFileSync(join(FRONTEND, path), "utf8");
}

/** Text between tags, and literal labels of tags. Names of keys are what stands on them. */
function untranslated(path: string): string[] {
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isJsxElement(node) && node.openingElement.tagName.getText() === "kbd") return;
    const text = ts.isJsxText(node) ? node.text : ts.isJsxAttribute(node) ? labelOf(node) : "";
    if (!NO_WORDS.test(text.trim())) found.push(`${path}: ${text.trim()}`);
    ts.forEachChild(node, look);
  };
  look(ts.createSourceFile(path, source(path), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found;
}

function labelOf(attribute: ts.JsxAttribute): string {
  const isRead = READ_ALOUD.has(attribute.name.getText());
  return isRead && attribute.initializer && ts.isStringLiteral(attribute.initializer) ? attribute.initializer.text : "";
}

import { expect, test } from "vitest";

import { partsOf, plainOf } from "../linkify.ts";

const links = (text: string) => partsOf(text).filter((part) => part.kind === "link").map((part) => part.text);

test("C7: links are found, without the punctuation of the sentence", () => {
  expect(links("See https://example.com/a?b=c#d.")).toEqual(["https://example.com/a?b=c#d"]);
  expect(links("(at https://example.com/x_(y)), or www.example.org!")).toEqual(["https://example.com/x_(y)", "www.example.org"]);
  expect(links("no links here: example.com, a.b, http://")).toEqual([]);
  expect(links("ببینید https://example.com/راه؟ خوب")).toEqual(["https://example.com/راه"]);
});

test("X3: only http and https become links", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://[", "jAvAsCrIpT://www.example.com"]) {
    expect(links(text).filter((link) => !/^www\./.test(link)), text).toEqual([]);
  }
  const [part] = partsOf("www.example.com");
  expect(part).toEqual({ kind: "link", text: "www.example.com", href: "https://www.example.com/" });
});

test("C7: code and code blocks are kept as they are", () => {
  expect(partsOf("Hold `F2` now")).toEqual([
    { kind: "text", text: "Hold " }, { kind: "code", text: "F2" }, { kind: "text", text: " now" },
  ]);
  expect(partsOf("```sh\nls -l\nhttps://example.com\n```")).toEqual([{ kind: "block", text: "ls -l\nhttps://example.com" }]);
  expect(partsOf("a ` b")).toEqual([{ kind: "text", text: "a ` b" }]);
});

test("nothing of the text is lost or made up", () => {
  const texts = ["<script>alert(1)</script>", "a https://x.example/y b `c` ```d``` e", "😀 سلام https://a.example, šđčćž", "`".repeat(50), "x".repeat(8000)];
  for (const text of texts) {
    const marks = (part: ReturnType<typeof partsOf>[number]) => ({ text: "", link: "", code: "`", block: "```" })[part.kind];
    expect(partsOf(text).map((part) => marks(part) + part.text + marks(part)).join("")).toBe(text);
  }
});

test("8,000 characters of brackets and backticks are read in no time", () => {
  const began = performance.now();
  for (const sign of ["(", "`", "https://", "www.", "http://a.b/((((", "```"]) partsOf(sign.repeat(8000 / sign.length));
  for (const sign of [")", ").", "."]) partsOf(`https://a.b/${sign.repeat(7900 / sign.length)}x`.slice(0, sign === "." ? undefined : -1));
  expect(performance.now() - began).toBeLessThan(500);
});

test("an announcement has no marks and is cut at whole characters", () => {
  expect(plainOf("Hold `F2`\n\nnow")).toBe("Hold F2 now");
  expect(plainOf("😀".repeat(300), 10)).toBe(`${"😀".repeat(9)}…`);
});

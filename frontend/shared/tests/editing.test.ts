// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";

import { picturesIn, toFragment, toHtml } from "../editor/allowList.ts";
import { addressOf } from "../editor/linkRow.ts";
import { bytesText } from "../uploads/uploader.ts";
import { forget, recall, remember } from "../uploads/unfinished.ts";

const ID = "01234567-89ab-4cde-8f01-23456789abcd";

function made(html: string): string {
  const place = document.createElement("div");
  place.append(toFragment(html));
  return place.innerHTML;
}

afterEach(() => {
  localStorage.clear();
  vi.useRealTimers();
});

describe("X3: what is pasted into the editor", () => {
  test("keeps what people write with, and nothing that runs or loads", () => {
    expect(made('<h1 style="x">A</h1><p onclick="go()">b <b class="c">c</b></p><script>go()</script>')).toBe("<h2>A</h2><p>b <b>c</b></p>");
    expect(made('<div>one</div><div>two</div>')).toBe("<p>one</p><p>two</p>");
    expect(made('<img src="https://evil.example/x.png"><svg onload="go()"><a>z</a></svg>')).toBe("");
    expect(made('<a href="javascript:go()">x</a><a href=" https://a.example/ ">y</a>')).toBe('<a>x</a><a href="https://a.example/">y</a>');
  });

  test("sends pictures by the address they arrived at, and none that did not", () => {
    const html = '<p><img src="blob:x" data-file="u1" alt="a"><img src="blob:y" data-file="u2"></p><p dir="auto"><br></p>';
    const sent = toHtml(html, new Map([["u1", ID]]));
    expect(sent).toBe(`<p><img src="/api/v1/files/${ID}/content/" alt="a"></p>`);
    expect(picturesIn(sent)).toEqual([ID]);
  });
});

test("a link needs no beginning that nobody types", () => {
  expect(addressOf("example.com/a")).toBe("https://example.com/a");
  expect(addressOf(" ann@example.com ")).toBe("mailto:ann@example.com");
  expect(addressOf("/tickets/")).toBe("/tickets/");
  expect(addressOf("javascript:go()")).toBe("");
  expect(addressOf("two words")).toBe("");
});

test("X5: an upload that was cut is known again for a day, and another file is another one", () => {
  vi.useFakeTimers({ now: 1_000_000 });
  const file = new File(["abc"], "a.txt", { lastModified: 5 });
  remember(file, ID);
  expect(recall(new File(["abc"], "a.txt", { lastModified: 5 }))).toBe(ID);
  expect(recall(new File(["abcd"], "a.txt", { lastModified: 5 }))).toBe("");
  vi.advanceTimersByTime(21 * 3600 * 1000);
  expect(recall(file)).toBe("");
  remember(file, ID);
  forget(file);
  expect(localStorage.length).toBe(0);
});

test("sizes are told as people read them", () => {
  expect([bytesText(7), bytesText(41_234), bytesText(3_400_000)]).toEqual(["7 bytes", "41 KB", "3.4 MB"]);
});

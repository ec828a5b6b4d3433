import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { keepDraft, warnOfNews } from "../deskComposer.ts";

const kept: Record<string, string>[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  kept.length = 0;
  vi.stubGlobal("fetch", (_to: string, options: { body: FormData }) => {
    kept.push(Object.fromEntries([...options.body.entries()].map(([name, value]) => [name, String(value)])));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function composer(reply: string, note?: string) {
  document.body.innerHTML = `<form data-hub-draft="/draft/"><input type="radio" name="kind" value="reply" checked><input type="radio" name="kind" value="note">
    <textarea name="body">${reply}</textarea><input type="hidden" name="body_html" value="<p>${reply}</p>">${note === undefined ? "" : `<template data-other-draft="note"><p>${note}</p></template>`}</form>`;
  const form = document.querySelector("form") as HTMLFormElement;
  const words = form.querySelector("textarea") as HTMLTextAreaElement;
  const html = form.querySelector("[name=body_html]") as HTMLInputElement;
  words.addEventListener("balie:replace", (event) => {
    html.value = (event as CustomEvent<string>).detail;
    words.value = html.value.replace(/<[^>]+>/g, "");
    words.dispatchEvent(new Event("input", { bubbles: true }));
  });
  keepDraft(form);
  return { words, goTo: (kind: string) => form.querySelector<HTMLInputElement>(`[value=${kind}]`)?.click() };
}

test("C9: words that go along to the other kind are a draft of the one that was left no more", () => {
  const { words, goTo } = composer("My reply");
  goTo("note");
  expect(words.value).toBe("My reply");
  expect(kept).toEqual([{ kind: "reply", body: "", body_html: "" }]);
  vi.runAllTimers();
  expect(kept[1]).toEqual({ kind: "note", body: "My reply", body_html: "<p>My reply</p>" });
});

test("C9: a reply and a note that were both begun each come back, and lose nothing", () => {
  const { words, goTo } = composer("My reply", "My note");
  goTo("note");
  expect(words.value).toBe("My note");
  expect(kept[0]).toEqual({ kind: "reply", body: "My reply", body_html: "<p>My reply</p>" });
  goTo("reply");
  expect(words.value).toBe("My reply");
  expect(kept.at(-1)).toMatchObject({ kind: "note", body: "My note" });
  vi.runAllTimers();
  expect(kept.filter((one) => one["body"] === "")).toEqual([]);
});

test.each([
  ["words", `<textarea name="body">Shall I come?</textarea>`, true],
  ["a file alone", `<textarea name="body"></textarea><div data-uploader><li class="up">shot.png</li></div>`, true],
  ["nothing yet", `<textarea name="body"></textarea><div data-uploader></div>`, false],
])("T7: who has begun a reply of %s is stopped once when somebody else replied", (_what, begun, stops) => {
  document.body.innerHTML = `<form><input name="seen_seq" value="3"><div data-news hidden></div>${begun}</form>`;
  const form = document.querySelector("form") as HTMLFormElement;
  const submit = () => form.dispatchEvent(new Event("submit", { cancelable: true }));
  warnOfNews(form)(7);
  expect(form.querySelector<HTMLInputElement>("[name=seen_seq]")?.value).toBe("7");
  expect([submit(), submit()]).toEqual([!stops, true]);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { keepDraft } from "../deskComposer.ts";

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

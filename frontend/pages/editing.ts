/**
 * Forms in which people write: `<textarea data-editor>` becomes an editor, `<div data-uploader>` takes several files. Pages that have
 * one load this beside their own script: `{% built "frontend/pages/editing.ts" %}`. Without it both work as what they are.
 */
import "./editing.css";

import { type Editor, makeEditor } from "../shared/editor/editor.ts";
import { t } from "../shared/i18n.ts";
import { type Catalogs, speak } from "../shared/speech.ts";
import { makeSender } from "../shared/uploads/sender.ts";
import { type Uploader, makeUploader } from "../shared/uploads/uploader.ts";
import { bringBack, keepDraft } from "./drafts.ts";
import { sendByScript } from "./sending.ts";

const CATALOGS: Catalogs = import.meta.glob("../locale/json/editing.*.json", { import: "default" });

interface Part {
  pending(): number;
}

await speak(CATALOGS);
for (const form of document.querySelectorAll("form")) enhance(form);
sendByScript();

function enhance(form: HTMLFormElement): void {
  const parts: Part[] = [];
  bringBack(form);
  const sender = makeSender({ headers: () => ({ "X-CSRFToken": form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "" }) });
  const uploaders = [...form.querySelectorAll<HTMLElement>("[data-uploader]")].map((place) => makeUploader(place, { sender, area: form }));
  for (const area of form.querySelectorAll<HTMLTextAreaElement>("textarea[data-editor]")) {
    const kind = area.dataset["editor"] ?? "";
    const pictures = form.querySelector("[data-uploader]") !== null || kind === "article";
    const editor = makeEditor(area, { headings: kind === "article", ...(pictures ? { sender } : {}) });
    parts.push(editor);
    area.addEventListener("balie:replace", (event) => editor.setHtml((event as CustomEvent<string>).detail));
    area.addEventListener("balie:insert", (event) => editor.insertHtml((event as CustomEvent<string>).detail));
    if (area.hasAttribute("data-needed")) requireWords(form, editor, area.dataset["needed"] === "or-files" ? uploaders : []);
  }
  parts.push(...uploaders);
  if (parts.length > 0) waitForFiles(form, parts);
  keepDraft(form);
}

/** What is empty is said here, and not after a way to the server. A file in one of `uploaders` will do as well. */
function requireWords(form: HTMLFormElement, editor: Editor, uploaders: readonly Uploader[]): void {
  const hasFiles = (): boolean => uploaders.some((one) => one.pending() + one.ids().length > 0);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formnovalidate") || !editor.isEmpty() || hasFiles()) return;
    event.preventDefault();
    editor.element.classList.add("wrong");
    const said = editor.element.querySelector(".editor-said");
    if (said) said.textContent = uploaders.length ? t("Please write something or add a file first.") : t("Please write something first.");
    editor.focus();
  });
}

/** Sent before all files have arrived, it waits for them, and goes by itself. */
function waitForFiles(form: HTMLFormElement, parts: readonly Part[]): void {
  const pending = (): number => parts.reduce((sum, part) => sum + part.pending(), 0);
  let waiting: HTMLElement | null | undefined;
  const said = document.createElement("p");
  said.className = "waits-for-files";
  said.setAttribute("role", "status");
  form.append(said);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || pending() === 0) return;
    event.preventDefault();
    waiting = event.submitter;
    waiting?.setAttribute("aria-busy", "true");
    said.textContent = t("It is sent as soon as the files are there.");
  });
  form.addEventListener("balie:settled", () => {
    if (waiting === undefined || pending() > 0) return;
    const by = waiting;
    waiting = undefined;
    by?.removeAttribute("aria-busy");
    said.textContent = "";
    // One that failed is on the screen: whoever sent it decides.
    if (!form.querySelector(".up.err")) form.requestSubmit(by instanceof HTMLButtonElement ? by : null);
  });
}

/**
 * What was written and not sent is there again when the page is: `form[data-draft]` names it. Kept in this browser for a week, until it
 * is sent or somebody signs out (frontend/pages/ownWidget.ts). A form that the server sent back has its words from there.
 */
import { toFragment } from "../shared/editor/allowList.ts";

export const PREFIX = "balie.draft.";
const SENT = "balie.draft-sent";
const KEPT_MS = 7 * 24 * 3600 * 1000;
const WAIT_MS = 400;
const FIELDS = "input:not([type=hidden], [type=file], [type=password]), select, textarea";

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type Kept = { readonly at: number; readonly values: readonly (readonly [name: string, value: string])[] };

/** Before the editor takes its textarea over. */
export function bringBack(form: HTMLFormElement): void {
  const key = form.dataset["draft"];
  if (!key) return;
  forgetSent(form);
  const kept = "refused" in form.dataset ? null : read(key);
  if (!kept) return;
  const values = new Map(kept.values);
  for (const field of form.querySelectorAll<Field>(FIELDS)) fill(field, values);
  tell(form, "back");
}

export function keepDraft(form: HTMLFormElement): void {
  const key = form.dataset["draft"];
  if (!key) return;
  let timer = 0;
  const keep = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => write(form, key), WAIT_MS);
  };
  form.addEventListener("input", keep);
  form.addEventListener("balie:settled", keep);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    window.clearTimeout(timer);
    write(form, key);
    // Whether it was taken the next page knows: it has this form again, or not.
    guarded(() => sessionStorage.setItem(SENT, key));
  });
}

/** On any page: what was sent from the page before, and is not refused here, is done. */
export function forgetSent(form?: HTMLFormElement): void {
  guarded(() => {
    const sent = sessionStorage.getItem(SENT);
    if (!sent) return;
    sessionStorage.removeItem(SENT);
    const refused = form?.dataset["draft"] === sent && "refused" in form.dataset;
    if (!refused) localStorage.removeItem(PREFIX + sent);
  });
}

function fill(field: Field, values: ReadonlyMap<string, string>): void {
  const value = values.get(field.name);
  const html = values.get(`${field.name}_html`);
  if (html && field instanceof HTMLTextAreaElement) {
    const template = document.createElement("template");
    template.dataset["editorHtml"] = "";
    template.content.append(toFragment(html));
    field.after(template);
  }
  if (value === undefined) return;
  if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio")) field.checked = value === "on";
  else field.value = value;
}

function write(form: HTMLFormElement, key: string): void {
  const values: [string, string][] = [];
  for (const field of form.querySelectorAll<Field>(`${FIELDS}, input[name$="_html"]`)) {
    const ticked = field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");
    if (field.name && field.name !== "file") values.push([field.name, ticked ? (field.checked ? "on" : "") : field.value]);
  }
  guarded(() => {
    if (values.every(([, value]) => value.trim() === "")) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), values } satisfies Kept));
  });
  tell(form, "kept");
}

function read(key: string): Kept | null {
  return guarded(() => {
    const kept = JSON.parse(localStorage.getItem(PREFIX + key) ?? "null") as Kept | null;
    return kept && Date.now() - kept.at < KEPT_MS ? kept : null;
  });
}

function tell(form: HTMLFormElement, what: "kept" | "back"): void {
  const said = form.querySelector("[data-draft-said]");
  const text = form.querySelector<HTMLTemplateElement>("#draft-texts")?.dataset[what];
  if (said && text && said.textContent !== text) said.textContent = text;
}

/** A browser that keeps nothing has no drafts. */
function guarded<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}

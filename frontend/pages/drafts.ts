/**
 * What was written and not sent is there again when the page is. `form[data-draft]` names it: "<account>.<what>". Kept in this browser for
 * a week, until the hub has it (sending.ts, deskComposer.ts) or somebody signs out (ownWidget.ts); of who has no account ("guest.<what>") as
 * long as the tab is open. A form that the server sent back, `data-refused`, has its words from there.
 */
import { toFragment } from "../shared/editor/allowList.ts";
import { t } from "../shared/i18n.ts";
import { KEPT_BY_HUB, TAKEN } from "./formEvents.ts";

const PREFIX = "balie.draft.";
/** Another beginning: pages of who is not signed in throw away what an account left. */
const GUEST_PREFIX = "balie.guest-draft.";
const KEPT_MS = 7 * 24 * 3600 * 1000;
/** The hub forgets files that nobody took after a day. */
const FILES_KEPT_MS = 20 * 3600 * 1000;
const WAIT_MS = 300;
const FIELDS = "input:not([type=hidden], [type=file], [type=password]), select, textarea";
/** The key of the form makes what was sent before the cut, and is sent again, the same. */
const HIDDEN = 'input[name$="_html"], input[data-draft-too]';

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type Kept = {
  readonly at: number;
  readonly values: readonly (readonly [name: string, value: string])[];
  readonly files: readonly (readonly [id: string, name: string])[];
};

/** Before the editor takes its textarea over, and the list of files its input. */
export function bringBack(form: HTMLFormElement): void {
  const key = form.dataset["draft"];
  if (!key) return;
  forgetOthers(key);
  const kept = "refused" in form.dataset ? null : read(key);
  if (!kept || isOlderThanTheHubs(form, kept)) return;
  const values = new Map(kept.values);
  for (const field of form.querySelectorAll<Field>(`${FIELDS}, ${HIDDEN}`)) fill(field, values);
  if (Date.now() - kept.at < FILES_KEPT_MS) bringFilesBack(form, kept.files);
  tell(form, t("What you wrote before is back."), () => {
    forget(key);
    location.reload();
  });
}

/** After the editor has begun. */
export function keepDraft(form: HTMLFormElement): void {
  const key = form.dataset["draft"];
  if (!key) return;
  let timer = 0;
  let before = JSON.stringify([valuesOf(form), filesOf(form)]); // the editor says what stands in it when it begins, too
  const keepNow = (): void => {
    window.clearTimeout(timer);
    timer = 0;
    write(form, key);
  };
  const keepSoon = (): void => {
    const now = JSON.stringify([valuesOf(form), filesOf(form)]);
    if (now === before) return;
    before = now;
    window.clearTimeout(timer);
    timer = window.setTimeout(keepNow, WAIT_MS);
  };
  const forgetNow = (): void => {
    window.clearTimeout(timer);
    timer = 0;
    forget(key);
  };
  for (const event of ["input", "change", "balie:settled"]) form.addEventListener(event, keepSoon);
  form.addEventListener("submit", keepNow);
  form.addEventListener(TAKEN, forgetNow);
  form.addEventListener(KEPT_BY_HUB, () => {
    if (timer === 0 && filesOf(form).length === 0) forgetNow();
  });
  addEventListener("pagehide", () => timer !== 0 && keepNow());
}

/** A draft of the hub's own that was written later, on another device; clocks may differ. */
function isOlderThanTheHubs(form: HTMLFormElement, kept: Kept): boolean {
  const { hubDraftAt, now } = form.dataset;
  return Boolean(hubDraftAt && now) && kept.at < Number(hubDraftAt) + (Date.now() - Number(now));
}

function fill(field: Field, values: ReadonlyMap<string, string>): void {
  const html = values.get(`${field.name}_html`);
  if (html !== undefined && field instanceof HTMLTextAreaElement) {
    field.parentElement?.querySelector("template[data-editor-html]")?.remove();
    const template = document.createElement("template");
    template.dataset["editorHtml"] = "";
    template.content.append(toFragment(html));
    field.after(template);
  }
  const value = values.get(keyOf(field));
  if (value === undefined) return;
  if (isTicked(field)) field.checked = value === "on";
  else field.value = value;
}

/** As files of a form that came back; the list of files takes them over. */
function bringFilesBack(form: HTMLFormElement, files: Kept["files"]): void {
  const place = form.querySelector<HTMLElement>("[data-uploader]");
  if (!place || files.length === 0) return;
  const list = place.querySelector("ul.ups") ?? place.appendChild(document.createElement("ul"));
  list.className = "ups";
  for (const [id, name] of files) {
    const item = document.createElement("li");
    item.dataset["name"] = name;
    const box = document.createElement("input");
    Object.assign(box, { type: "hidden", name: "file", value: id });
    item.append(box);
    list.append(item);
  }
}

function write(form: HTMLFormElement, key: string): void {
  if (isUntouched(form)) return forget(key);
  const kept: Kept = { at: Date.now(), values: valuesOf(form), files: filesOf(form) };
  const keeps = guarded(() => {
    shelfOf(key).setItem(nameOf(key), JSON.stringify(kept));
    return true;
  });
  if (keeps && !form.dataset["hubDraft"]) tell(form, t("Your draft is kept in this browser."));
}

/** Nothing stands in it but what the page came with. */
function isUntouched(form: HTMLFormElement): boolean {
  if (filesOf(form).length > 0) return false;
  const written = [...form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("textarea, input")].filter((one) => one.name && one.matches(FIELDS) && !isTicked(one));
  return written.every((one) => one.value.trim() === (one.matches("[data-editor]") ? "" : one.defaultValue.trim()));
}

function valuesOf(form: HTMLFormElement): [name: string, value: string][] {
  const fields = [...form.querySelectorAll<Field>(`${FIELDS}, ${HIDDEN}`)].filter((field) => field.name && field.name !== "file");
  return fields.map((field) => [keyOf(field), isTicked(field) ? (field.checked ? "on" : "") : field.value]);
}

function filesOf(form: HTMLFormElement): [id: string, name: string][] {
  const sent = [...form.querySelectorAll<HTMLInputElement>('.ups input[name="file"]')];
  return sent.map((one) => [one.value, one.closest("li")?.querySelector("bdi")?.textContent ?? ""]);
}

/** Several ticks share a name. */
function keyOf(field: Field): string {
  return isTicked(field) ? `${field.name}=${field.value}` : field.name;
}

function isTicked(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");
}

function read(key: string): Kept | null {
  return guarded(() => {
    const kept = JSON.parse(shelfOf(key).getItem(nameOf(key)) ?? "null") as Kept | null;
    return kept && Date.now() - kept.at < KEPT_MS ? kept : null;
  });
}

function forget(key: string): void {
  guarded(() => shelfOf(key).removeItem(nameOf(key)));
}

/** Another account writes here now; what the one before left is nothing to them. */
function forgetOthers(key: string): void {
  const own = `${PREFIX}${key.slice(0, key.indexOf(".") + 1)}`;
  guarded(() => {
    for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX) && !name.startsWith(own)) localStorage.removeItem(name);
  });
}

function isGuests(key: string): boolean {
  return key.startsWith("guest.");
}

function shelfOf(key: string): Storage {
  return isGuests(key) ? sessionStorage : localStorage;
}

function nameOf(key: string): string {
  return (isGuests(key) ? GUEST_PREFIX : PREFIX) + key;
}

/** One quiet line beside the button; with a way to be rid of what came back. */
function tell(form: HTMLFormElement, text: string, throwAway?: () => void): void {
  const said = form.querySelector<HTMLElement>("[data-draft-said]") ?? lineIn(form);
  if (said.firstChild?.textContent === text) return;
  said.textContent = text;
  if (!throwAway) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "link", textContent: t("Throw it away") });
  button.addEventListener("click", throwAway);
  said.append(" ", button);
}

function lineIn(form: HTMLFormElement): HTMLElement {
  const line = document.createElement("p");
  line.className = "hint draft-said";
  line.dataset["draftSaid"] = "";
  line.setAttribute("role", "status");
  form.append(line);
  return line;
}

/** A browser that keeps nothing has no drafts. */
function guarded<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}

/** What one writes on a ticket: kept on the hub while one types (and until it is there in the browser, drafts.ts), and not sent past
 * somebody else's reply unread. */
import { KEPT_BY_HUB, NOT_TAKEN, SENDING } from "./formEvents.ts";

const WAIT_MS = 800;
const WRITING_MS = 20_000;

export interface Writing {
  isWriting(): boolean;
}

/** Kept a moment after the last key; there again after a reload. A note and a reply have each their own (`changeKinds`). */
export function keepDraft(form: HTMLFormElement): Writing {
  const words = form.querySelector<HTMLTextAreaElement>("textarea");
  const said = form.querySelector<HTMLElement>("[data-draft-state]");
  let timer = 0;
  let typed_at = 0;
  let sent = false;
  let under_way: Promise<void> | undefined;
  let before = words?.value.trim() ?? "";
  const keep = async () => {
    const body = draftOf(form);
    const begun_at = Date.now();
    try {
      const answer = await fetch(form.dataset["hubDraft"] ?? "", { method: "POST", body });
      if (!answer.ok || sent || typed_at > begun_at) return;
      if (said) said.textContent = said.dataset["kept"] ?? "";
      form.dispatchEvent(new CustomEvent(KEPT_BY_HUB));
    } catch {
      // Offline: the next key tries again, and until then the browser keeps the text.
    }
  };
  const soon = () => {
    typed_at = Date.now();
    if (said) said.textContent = "";
    clearTimeout(timer);
    timer = window.setTimeout(() => (under_way = keep()), WAIT_MS);
  };
  form.addEventListener("input", () => {
    const now = words?.value.trim() ?? "";
    if (now === before) return; // the editor says so, too, when it begins
    before = now;
    soon();
  });
  form.addEventListener(SENDING, (event) => {
    sent = true;
    clearTimeout(timer);
    if (under_way) (event as CustomEvent<Promise<unknown>[]>).detail.push(under_way);
  });
  form.addEventListener(NOT_TAKEN, () => {
    sent = false;
    soon();
  });
  changeKinds(form, soon);
  addEventListener("pagehide", () => {
    if (!sent && timer && Date.now() - typed_at < WAIT_MS) navigator.sendBeacon(form.dataset["hubDraft"] ?? "", draftOf(form));
  });
  return { isWriting: () => (words?.value.trim() ?? "") !== "" && Date.now() - typed_at < WRITING_MS };
}

/**
 * From a reply to a note, or back. Where the other one was begun, its words come and these are kept; where it was not, these go along,
 * and are a draft of the one that was left no more: sent as a note, they would come back as a reply.
 */
function changeKinds(form: HTMLFormElement, keepSoon: () => void): void {
  const words = form.querySelector<HTMLTextAreaElement>("textarea");
  const others = new Map([...form.querySelectorAll<HTMLTemplateElement>("template[data-other-draft]")].map((one) => [one.dataset["otherDraft"] ?? "", one.innerHTML]));
  form.addEventListener("change", (event) => {
    const radio = event.target as HTMLInputElement;
    if (!words || radio.name !== "kind") return;
    const kind = radio.value;
    const left = kind === "note" ? "reply" : "note";
    const here = draftOf(form);
    const own = others.get(kind);
    const isEmpty = words.value.trim() === "";
    if (isEmpty && own === undefined) return;
    here.set("kind", left);
    if (own === undefined) for (const name of ["body", "body_html"]) here.set(name, "");
    fetch(form.dataset["hubDraft"] ?? "", { method: "POST", body: here }).catch(() => undefined);
    others.delete(kind);
    if (own === undefined) return keepSoon();
    if (!isEmpty) others.set(left, String(here.get("body_html") ?? ""));
    words.dispatchEvent(new CustomEvent("balie:replace", { detail: own }));
  });
}

function draftOf(form: HTMLFormElement): FormData {
  const all = new FormData(form);
  const kept = new FormData();
  for (const name of ["csrfmiddlewaretoken", "kind", "body", "body_html"]) {
    const value = all.get(name);
    if (typeof value === "string") kept.set(name, value);
  }
  return kept;
}

/** Called when somebody else's reply came in. While something is typed, or a file stands there, the first click on Send only shows it. */
export function warnOfNews(form: HTMLFormElement): (seq: number) => void {
  const notice = form.querySelector<HTMLElement>("[data-news]");
  const words = form.querySelector<HTMLTextAreaElement>("textarea");
  let unread = false;
  form.addEventListener(
    "submit",
    (event) => {
      if (!unread || form.querySelector<HTMLInputElement>("[value=note]")?.checked) return;
      unread = false;
      event.preventDefault();
      event.stopImmediatePropagation();
      notice?.scrollIntoView({ block: "center" });
    },
    { capture: true },
  );
  return (seq) => {
    const seen = form.querySelector<HTMLInputElement>("[name=seen_seq]");
    if (seen) seen.value = String(seq);
    const isBegun = (words?.value.trim() ?? "") !== "" || form.querySelector("[data-uploader] .up") !== null;
    if (!isBegun) return;
    unread = true;
    if (notice) notice.hidden = false;
  };
}

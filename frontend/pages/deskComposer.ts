/** What one writes on a ticket: kept on the hub while one types, and not sent past somebody else's reply unread. */
const WAIT_MS = 800;
const WRITING_MS = 20_000;

export interface Writing {
  isWriting(): boolean;
}

/** Kept a moment after the last key; there again after a reload. A note and a reply have each their own. */
export function keepDraft(form: HTMLFormElement): Writing {
  const words = form.querySelector<HTMLTextAreaElement>("textarea");
  const said = form.querySelector<HTMLElement>("[data-draft-state]");
  let timer = 0;
  let typed_at = 0;
  let sent = false;
  let before = words?.value.trim() ?? "";
  const keep = async () => {
    const body = draftOf(form);
    try {
      const answer = await fetch(form.dataset["draft"] ?? "", { method: "POST", body });
      if (said && answer.ok && !sent) said.textContent = said.dataset["kept"] ?? "";
    } catch {
      // Offline: the next key tries again, and the page still has the text.
    }
  };
  const soon = () => {
    typed_at = Date.now();
    if (said) said.textContent = "";
    clearTimeout(timer);
    timer = window.setTimeout(() => void keep(), WAIT_MS);
  };
  form.addEventListener("input", () => {
    const now = words?.value.trim() ?? "";
    if (now === before) return; // the editor says so, too, when it begins
    before = now;
    soon();
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    sent = true;
    clearTimeout(timer);
  });
  addEventListener("pagehide", () => {
    if (!sent && timer && Date.now() - typed_at < WAIT_MS) navigator.sendBeacon(form.dataset["draft"] ?? "", draftOf(form));
  });
  return { isWriting: () => (words?.value.trim() ?? "") !== "" && Date.now() - typed_at < WRITING_MS };
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

/** Called when somebody else's reply came in. While something is typed the first click on Send only shows it. */
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
    if ((words?.value.trim() ?? "") === "") return;
    unread = true;
    if (notice) notice.hidden = false;
  };
}

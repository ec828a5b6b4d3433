/** Keeps the list and the page of one ticket fresh (T6, T7): the page is fetched again and what changed is put in its place. */
const LOOK_MS = 5_000;
const LIST_MS = 5_000;

export interface Composing {
  isWriting(): boolean;
  /** A reply of somebody else came in; everything up to this entry is on the screen. */
  news(seq: number): void;
}

/** The rows are fetched again while the page is looked at; what is chosen, and where one is, stays. */
export function followList(): void {
  const found = document.getElementById("found");
  if (!found) return;
  let last = found.innerHTML;
  let mark = "";
  every(LIST_MS, LIST_MS, async () => {
    if (document.activeElement instanceof HTMLInputElement && document.activeElement.type === "search") return;
    // Mostly the answer is that no ticket anywhere has changed (304), which costs next to nothing.
    const answer = await fetch(location.href, { headers: { Accept: "text/html", ...(mark && { "If-None-Match": mark }) } });
    if (!answer.ok || answer.redirected) return;
    mark = answer.headers.get("ETag") ?? "";
    const fresh = (await parsed(answer)).getElementById("found");
    if (!fresh || fresh.innerHTML === last) return;
    last = fresh.innerHTML;
    const chosen = [...found.querySelectorAll<HTMLInputElement>("input[name=numbers]:checked")].map((one) => one.value);
    const at = found.querySelector(".at")?.id;
    const focused = document.activeElement?.closest<HTMLElement>("tr[id]")?.id;
    found.replaceChildren(...fresh.childNodes);
    for (const value of chosen) {
      const box = found.querySelector<HTMLInputElement>(`input[name=numbers][value="${CSS.escape(value)}"]`);
      if (box) box.checked = true;
    }
    if (at) document.getElementById(at)?.classList.add("at");
    if (focused) document.getElementById(focused)?.querySelector<HTMLElement>("a.open")?.focus();
  });
}

/** Says that it is open here, hears who else has it open, and shows what is new. */
export function followTicket(place: HTMLElement, composing: Composing): void {
  const url = place.dataset["lookingUrl"] ?? "";
  let last = Number(place.dataset["last"]);
  let changed_at: string | undefined;
  every(0, LOOK_MS, async () => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "");
    body.set("writing", composing.isWriting() ? "1" : "");
    const answer = await fetch(url, { method: "POST", body });
    if (!answer.ok) return;
    const said = (await answer.json()) as { last_seq: number; updated_at: string; looking: string };
    showLooking(said.looking);
    if (said.last_seq === last && (changed_at === undefined || changed_at === said.updated_at)) {
      changed_at = said.updated_at;
      return;
    }
    const page = await fetchPage(location.href);
    if (!page) return;
    const newest = hasRepliesOfOthers(page, last);
    showFresh(page);
    last = Number(page.querySelector<HTMLElement>("[data-desk]")?.dataset["last"] ?? said.last_seq);
    changed_at = said.updated_at;
    if (newest) composing.news(last);
    else document.querySelector<HTMLInputElement>("[name=seen_seq]")?.setAttribute("value", String(last));
  });
}

/** The page before is put above what stands here; without this script its link leads there. */
export function openEarlier(): void {
  const lines = document.getElementById("lines");
  document.querySelector(".earlier")?.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a");
    if (!link || !lines) return;
    event.preventDefault();
    void fetchPage(link.href).then((page) => {
      const first = lines.firstElementChild;
      const before = [...(page?.querySelectorAll<HTMLElement>("#lines > [data-seq]") ?? [])];
      if (before.length === 0) return location.assign(link.href);
      const was_at = first?.getBoundingClientRect().top ?? 0;
      lines.prepend(...before.map((line) => document.importNode(line, true)));
      const next = page?.querySelector<HTMLAnchorElement>(".earlier a");
      if (next) link.href = next.href;
      else link.closest(".earlier")?.remove();
      // What one was reading stays where it is, and the keyboard goes on from there.
      scrollBy({ top: (first?.getBoundingClientRect().top ?? 0) - was_at, behavior: "instant" });
      if (!next) document.getElementById(before.at(-1)?.id ?? "")?.querySelector<HTMLElement>(".post")?.focus({ preventScroll: true });
    });
  });
}

function hasRepliesOfOthers(page: Document, after: number): boolean {
  return [...page.querySelectorAll<HTMLElement>("#lines [data-reply]:not([data-mine])")].some((one) => Number(one.dataset["seq"]) > after);
}

function showLooking(text: string): void {
  const notice = document.getElementById("looking");
  const said = notice?.querySelector("[data-looking]");
  if (!notice || !said || said.textContent === text) return;
  said.textContent = text;
  notice.hidden = text === "";
}

/** New lines come below those that stand there; parts in which nobody has typed are exchanged whole. */
function showFresh(page: Document): void {
  const lines = document.getElementById("lines");
  for (const line of page.querySelectorAll<HTMLElement>("#lines > [data-seq]"))
    if (lines && !document.getElementById(line.id)) lines.append(document.importNode(line, true));
  for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) {
    const fresh = part.id ? page.getElementById(part.id) : null;
    if (fresh && !part.contains(document.activeElement) && !isTouched(part)) part.replaceChildren(...fresh.childNodes);
  }
}

/** Something stands in a field that did not stand there, something else is chosen, or a fold is open. */
function isTouched(part: HTMLElement): boolean {
  const fields = [...part.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input:not([type=hidden]), textarea")];
  const options = [...part.querySelectorAll<HTMLSelectElement>("select")].flatMap((one) => [...one.options]);
  const isChosenAnew = options.some((one) => one.selected && !one.defaultSelected && options.some((other) => other.defaultSelected));
  return isChosenAnew || fields.some((field) => field.value !== field.defaultValue) || part.querySelector("details[open]") !== null;
}

async function fetchPage(url: string): Promise<Document | null> {
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  return !answer.ok || answer.redirected ? null : parsed(answer);
}

async function parsed(answer: Response): Promise<Document> {
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Again and again while somebody looks at the page; a failure waits for the next time. */
function every(first_ms: number, wait_ms: number, act: () => Promise<void>): void {
  const again = async () => {
    if (document.visibilityState === "visible") await act().catch(() => undefined);
    setTimeout(() => void again(), wait_ms);
  };
  setTimeout(() => void again(), first_ms);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void act().catch(() => undefined);
  });
}

/** Keys of the ticket pages, as the console has them: single letters count only outside text fields and windows. */
type Keys = Readonly<Record<string, () => void>>;

export function startKeys(page: string): void {
  const keys: Keys = { "?": showKeys, ...(page === "list" ? LIST : TICKET) };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const act = keys[event.key];
    if (!act || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    act();
  });
  for (const button of document.querySelectorAll<HTMLElement>("[data-keys]")) {
    button.hidden = false;
    button.addEventListener("click", showKeys);
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

function showKeys(): void {
  document.querySelector<HTMLDialogElement>("#keys")?.showModal();
}

const LIST: Keys = {
  j: () => step("tr[data-ticket]", 1),
  k: () => step("tr[data-ticket]", -1),
  x: () => document.querySelector<HTMLInputElement>("tr.at input[name=numbers]")?.click(),
  "/": () => document.querySelector<HTMLInputElement>("input[name=q]")?.focus(),
};

const TICKET: Keys = {
  r: () => write("reply"),
  n: () => write("note"),
  j: () => step("#lines article", 1),
  k: () => step("#lines article", -1),
  u: () => document.querySelector<HTMLAnchorElement>("[data-back]")?.click(),
};

/** To the next or previous one from where one is; the first j leads to the first row, or to the newest message. */
function step(selector: string, by: number): void {
  const all = [...document.querySelectorAll<HTMLElement>(selector)];
  const at = all.findIndex((one) => one.classList.contains("at") || one === document.activeElement);
  const begin = selector.startsWith("tr") ? 0 : all.length - 1;
  const next = all[at < 0 ? begin : Math.min(Math.max(at + by, 0), all.length - 1)];
  if (!next) return;
  for (const one of all) one.classList.toggle("at", one === next);
  (next.querySelector<HTMLElement>("a.open") ?? next).focus();
  next.scrollIntoView({ block: "nearest" });
}

function write(kind: string): void {
  const form = document.querySelector<HTMLFormElement>("[data-composer]");
  form?.querySelector<HTMLInputElement>(`[name=kind][value=${kind}]`)?.click();
  // The editor stands after the textarea that it takes the place of.
  (form?.querySelector<HTMLElement>("[contenteditable=true]") ?? form?.querySelector<HTMLElement>("textarea"))?.focus();
}

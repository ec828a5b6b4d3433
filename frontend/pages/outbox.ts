/** The demo's outbox: new messages appear by themselves, unless somebody is reading or selecting right there. */

const EVERY_MS = 3000;

export function keepOutboxFresh(list: HTMLElement): void {
  window.setInterval(() => void refresh(list), EVERY_MS);
}

async function refresh(list: HTMLElement): Promise<void> {
  if (document.hidden || isInUse(list)) return;
  const fresh = await ask();
  if (!fresh || fresh.dataset["outbox"] === list.dataset["outbox"] || isInUse(list)) return;
  list.dataset["outbox"] = fresh.dataset["outbox"] ?? "";
  list.replaceChildren(...fresh.childNodes);
  const said = list.querySelector<HTMLElement>("[data-outbox-said]");
  if (said) window.setTimeout(() => (said.textContent = said.dataset["text"] ?? ""), 100);
}

function isInUse(list: HTMLElement): boolean {
  const selection = document.getSelection();
  const selects = selection !== null && !selection.isCollapsed && list.contains(selection.anchorNode);
  return selects || list.contains(document.activeElement);
}

async function ask(): Promise<HTMLElement | null> {
  try {
    const response = await fetch(location.href);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return response.ok ? page.querySelector<HTMLElement>("[data-outbox]") : null;
  } catch {
    return null;
  }
}

/** Parts of a page that the server draws anew while somebody looks: who is free, how the running chat stands. */

const EVERY_MS = 10_000;
/** After failures it asks less often; the last values stay. */
const SLOWEST_MS = 120_000;

/** `data-fresh` is the address that answers the inside of this element; `data-fresh-s`: so often, else every ten seconds.
 *  With `data-fresh-over` in it nothing is asked any more. */
export function keepFresh(part: HTMLElement): void {
  const url = part.dataset["fresh"] ?? "";
  const every_ms = Number(part.dataset["freshS"] ?? 0) * 1000 || EVERY_MS;
  let pause_ms = every_ms;
  let timer = 0;

  const isOver = (): boolean => part.querySelector("[data-fresh-over]") !== null;
  const ask = async (): Promise<void> => {
    const html = await read(url);
    pause_ms = html === null ? Math.min(pause_ms * 2, SLOWEST_MS) : every_ms;
    if (html !== null && html !== part.dataset["shown"]) show(part, html);
    plan();
  };
  const plan = (): void => {
    window.clearTimeout(timer);
    if (!document.hidden && !isOver()) timer = window.setTimeout(() => void ask(), pause_ms);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) window.clearTimeout(timer);
    else if (!isOver()) void ask();
  });
  plan();
}

async function read(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    return answer.ok && !answer.redirected ? await answer.text() : null;
  } catch {
    return null;
  }
}

/** Whoever stands on a control in it stays there. What it tells (`data-tells`) is said elsewhere on the page as well. */
function show(part: HTMLElement, html: string): void {
  part.dataset["shown"] = html;
  const focused = part.contains(document.activeElement) ? document.activeElement?.getAttribute("data-focus-key") : null;
  const drawn = new DOMParser().parseFromString(html, "text/html").body;
  part.replaceChildren(...drawn.childNodes);
  for (const told of part.querySelectorAll<HTMLElement>("[data-tells]")) {
    const places = document.querySelectorAll(`[data-told="${told.dataset["tells"] ?? ""}"]`);
    for (const place of places) if (place.textContent !== told.textContent) place.textContent = told.textContent;
  }
  if (focused) part.querySelector<HTMLElement>(`[data-focus-key="${CSS.escape(focused)}"]`)?.focus();
}

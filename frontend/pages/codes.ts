/** The second-factor codes on the demo's start page: they change every 30 seconds. */

interface Codes {
  codes: Record<string, string>;
  left_ms: number;
}

const RETRY_MS = 5000;
/** Asked a little after the change, so that the answer is surely the new one. */
const LATE_MS = 300;

export function keepCodesFresh(places: NodeListOf<HTMLElement>): void {
  void refresh(places);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void refresh(places);
  });
}

let timer = 0;

async function refresh(places: NodeListOf<HTMLElement>): Promise<void> {
  window.clearTimeout(timer);
  const answer = await ask();
  for (const place of places) {
    const code = answer?.codes[place.dataset["code"] ?? ""];
    if (code !== undefined) place.textContent = code;
  }
  if (!document.hidden) timer = window.setTimeout(() => void refresh(places), answer ? answer.left_ms + LATE_MS : RETRY_MS);
}

async function ask(): Promise<Codes | null> {
  try {
    const response = await fetch("/demo/codes/");
    return response.ok ? ((await response.json()) as Codes) : null;
  } catch {
    return null;
  }
}

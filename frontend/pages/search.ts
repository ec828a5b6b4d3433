/** Searching while one types: the list on the page is fetched again and put in its place; without script it is a form. */
const WAIT_MS = 180;

export function searchWhileTyping(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-searches]");
  if (!form) return;
  let timer = 0;
  let asked: AbortController | undefined;
  const search = async () => {
    asked?.abort();
    asked = new AbortController();
    const url = address(form);
    try {
      const response = await fetch(url, { signal: asked.signal, headers: { Accept: "text/html" } });
      if (!response.ok || response.redirected) return;
      show(await response.text());
      history.replaceState(history.state, "", url);
    } catch {
      // The form still works by its button; a search that was overtaken is no failure.
    }
  };
  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void search(), WAIT_MS);
  });
}

function address(form: HTMLFormElement): string {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value.trim()) asked.set(name, value);
  const query = asked.toString();
  return query ? `${form.action}?${query}` : form.action;
}

function show(html: string): void {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const place of document.querySelectorAll("[data-results]")) {
    const fresh = page.getElementById(place.id);
    if (fresh) place.replaceChildren(...fresh.childNodes);
  }
}

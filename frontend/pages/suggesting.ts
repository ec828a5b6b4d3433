/** Articles that may answer what is being asked, while the subject is typed (K2). Read without leaving: the server draws them. */

const WAIT_MS = 70;
const LETTERS_MIN = 3;

export function suggestWhileTyping(): void {
  const field = document.querySelector<HTMLInputElement>("input[data-suggests]");
  const place = document.querySelector<HTMLElement>("#suggested");
  if (field && place) new Suggestions(field, place);
}

class Suggestions {
  private readonly field: HTMLInputElement;
  private readonly place: HTMLElement;
  private timer = 0;
  private asked: AbortController | undefined;
  private shown = "";

  constructor(field: HTMLInputElement, place: HTMLElement) {
    this.field = field;
    this.place = place;
    field.addEventListener("input", () => {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.ask(), WAIT_MS);
    });
    // `toggle` does not bubble, but it is captured.
    place.addEventListener("toggle", (event) => void open(event.target as HTMLDetailsElement), true);
    if (field.value) void this.ask();
  }

  private async ask(): Promise<void> {
    const typed = this.field.value.trim();
    this.asked?.abort();
    if (typed.length < LETTERS_MIN) return this.show("");
    this.asked = new AbortController();
    try {
      const url = `${this.field.dataset["suggests"] ?? ""}?${new URLSearchParams({ q: typed }).toString()}`;
      const answer = await fetch(url, { signal: this.asked.signal, headers: { Accept: "text/html" } });
      if (answer.ok && !answer.redirected) this.show((await answer.text()).trim());
    } catch {
      // Overtaken by what was typed next, or no line: nothing is suggested.
    }
  }

  /** What somebody is reading stays while they go on typing, as long as it is suggested. */
  private show(html: string): void {
    if (html === this.shown) return;
    this.shown = html;
    const drawn = new DOMParser().parseFromString(html, "text/html").body;
    for (const reading of this.place.querySelectorAll<HTMLDetailsElement>("details[open]")) {
      drawn.querySelector(`details[data-article="${reading.dataset["article"] ?? ""}"]`)?.replaceWith(reading);
    }
    this.place.replaceChildren(...drawn.childNodes);
    this.place.hidden = html === "";
  }
}

async function open(details: HTMLDetailsElement): Promise<void> {
  const inside = details.querySelector<HTMLElement>(".inside");
  if (!details.open || !inside || inside.childElementCount > 0) return;
  try {
    const answer = await fetch(details.dataset["inside"] ?? "", { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    inside.replaceChildren(...drawn.childNodes);
  } catch {
    details.open = false;
  }
}

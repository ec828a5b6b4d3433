/** Ctrl K: find a person or go to a page (design/README, Keyboard). The texts stand in the page, translated there. */
const WAIT_MS = 120;

interface Place {
  readonly label: string;
  readonly detail?: string;
  readonly url: string;
}

export function openPalette(): void {
  const texts = document.querySelector<HTMLTemplateElement>("#palette-texts")?.dataset;
  const find_url = document.body.dataset["find"];
  if (!texts || !find_url) return;
  let palette: Palette | undefined;
  const open = (typed = "") => (palette ??= new Palette(texts, find_url)).open(typed);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
}

class Palette {
  private readonly dialog = document.createElement("dialog");
  private readonly input = document.createElement("input");
  private readonly found = document.createElement("div");
  private readonly pages: readonly Place[];
  private readonly texts: DOMStringMap;
  private readonly find_url: string;
  private people: readonly Place[] = [];
  private chosen = 0;
  private timer = 0;
  private asked: AbortController | undefined;
  private failed = false;

  constructor(texts: DOMStringMap, find_url: string) {
    this.texts = texts;
    this.find_url = find_url;
    this.pages = [...document.querySelectorAll<HTMLAnchorElement>(".rail nav a")].map((a) => ({ label: a.textContent.trim(), url: a.href }));
    this.build();
    this.input.addEventListener("input", () => this.type());
    this.dialog.addEventListener("keydown", (event) => this.press(event));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
  }

  open(typed: string): void {
    if (this.dialog.open) return;
    this.input.value = typed;
    this.people = [];
    this.draw();
    this.dialog.showModal();
    this.input.focus();
  }

  private build(): void {
    const head = document.createElement("div");
    head.className = "head";
    this.dialog.className = "palette";
    this.dialog.setAttribute("aria-label", this.texts["title"] ?? "");
    Object.assign(this.input, { type: "search", autocomplete: "off", spellcheck: false, placeholder: this.texts["hint"] ?? "", maxLength: 80 });
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-label", this.texts["title"] ?? "");
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-controls", "palette-found");
    this.input.dir = "auto";
    this.found.className = "found";
    this.found.id = "palette-found";
    this.found.setAttribute("role", "listbox");
    this.found.setAttribute("aria-label", this.texts["title"] ?? "");
    const icon = document.querySelector(".find .i");
    if (icon) head.append(icon.cloneNode(true));
    head.append(this.input);
    this.dialog.append(head, this.found);
    document.body.append(this.dialog);
  }

  private type(): void {
    this.chosen = 0;
    this.draw();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), WAIT_MS);
  }

  private async ask(): Promise<void> {
    this.asked?.abort();
    const typed = this.input.value.trim();
    if (!typed) {
      this.people = [];
      this.draw();
      return;
    }
    this.asked = new AbortController();
    try {
      const response = await fetch(`${this.find_url}?${new URLSearchParams({ q: typed })}`, {
        signal: this.asked.signal,
        headers: { Accept: "application/json" },
      });
      this.failed = !response.ok;
      this.people = response.ok ? ((await response.json()) as { people: Place[] }).people : [];
    } catch (why) {
      if (why instanceof DOMException && why.name === "AbortError") return;
      this.failed = true;
    }
    this.draw();
  }

  private shown(): readonly Place[] {
    const typed = this.input.value.trim().toLocaleLowerCase();
    return [...this.people, ...this.pages.filter((page) => page.label.toLocaleLowerCase().includes(typed))];
  }

  private draw(): void {
    const typed = this.input.value.trim().toLocaleLowerCase();
    const pages = this.pages.filter((page) => page.label.toLocaleLowerCase().includes(typed));
    this.found.replaceChildren(...this.group(this.texts["people"], this.people, 0), ...this.group(this.texts["pages"], pages, this.people.length));
    if (this.people.length + pages.length === 0) {
      const none = document.createElement("p");
      none.className = "none";
      none.setAttribute("role", "status");
      none.textContent = (this.failed ? this.texts["failed"] : this.texts["none"]) ?? "";
      this.found.append(none);
    }
    const current = this.found.querySelector<HTMLElement>(`#palette-${this.chosen}`);
    if (current) this.input.setAttribute("aria-activedescendant", current.id);
    else this.input.removeAttribute("aria-activedescendant");
    current?.scrollIntoView({ block: "nearest" });
  }

  private group(title: string | undefined, places: readonly Place[], from: number): HTMLElement[] {
    if (places.length === 0) return [];
    const box = document.createElement("div");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", title ?? "");
    const head = document.createElement("h2");
    head.setAttribute("role", "presentation");
    head.textContent = title ?? "";
    box.append(head, ...places.map((place, index) => this.option(place, from + index)));
    return [box];
  }

  private option(place: Place, index: number): HTMLElement {
    const link = document.createElement("a");
    link.className = "opt";
    link.href = place.url;
    link.id = `palette-${index}`;
    link.tabIndex = -1;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", String(index === this.chosen));
    const label = document.createElement("span");
    label.dir = "auto";
    label.textContent = place.label;
    if (place.detail) {
      const detail = document.createElement("small");
      detail.textContent = place.detail;
      label.append(detail);
    }
    link.append(label);
    return link;
  }

  private press(event: KeyboardEvent): void {
    const count = this.shown().length;
    if (event.key === "Escape") {
      // A search field would only be emptied by it.
      event.preventDefault();
      this.dialog.close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      const place = this.shown()[this.chosen];
      if (place) window.location.assign(place.url);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count > 0) {
      event.preventDefault();
      this.chosen = (this.chosen + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      this.draw();
    }
  }
}

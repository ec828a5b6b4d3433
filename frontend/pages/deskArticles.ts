/** Puts a help article into what one writes: as a link, or its words (K3). Found as customers find them, in their language. */
const WAIT_MS = 150;

interface Found {
  readonly id: string;
  readonly title: string;
}

export function offerArticles(form: HTMLFormElement): void {
  const menu = form.querySelector<HTMLDetailsElement>("[data-articles]");
  const input = menu?.querySelector("input");
  const list = menu?.querySelector("ul");
  const words = form.querySelector("textarea");
  if (!menu || !input || !list || !words) return;
  menu.hidden = false;
  let timer = 0;
  const insert = (html: string) => {
    words.dispatchEvent(new CustomEvent("balie:insert", { detail: html }));
    menu.open = false;
  };
  const show = async () => {
    const found = input.value.trim() ? await find(input.value, menu.dataset["language"] ?? "") : [];
    list.replaceChildren(...found.map((one) => row(one, menu, insert)));
  };
  input.addEventListener("input", (event) => {
    event.stopPropagation(); // a search is no draft
    clearTimeout(timer);
    timer = window.setTimeout(() => void show().catch(() => undefined), WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // it would send the reply
    list.querySelector("button")?.click();
  });
  menu.addEventListener("toggle", () => menu.open && input.focus());
}

async function find(typed: string, language: string): Promise<readonly Found[]> {
  const answer = await fetch(`/api/v1/articles/suggest/?${new URLSearchParams({ q: typed, limit: "6", ...(language ? { language } : {}) })}`);
  return answer.ok ? ((await answer.json()) as { results: readonly Found[] }).results : [];
}

function row(one: Found, menu: HTMLElement, insert: (html: string) => void): HTMLLIElement {
  const item = document.createElement("li");
  const link = button(one.title, "opt", () => insert(linkTo(one)));
  link.dir = "auto";
  const text = button(menu.dataset["words"] ?? "", "btn sm", () => void wordsOf(one).then(insert, () => insert(linkTo(one))));
  item.className = "row";
  item.append(link, text);
  return item;
}

function button(text: string, look: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function linkTo(one: Found): string {
  const link = document.createElement("a");
  link.href = `${location.origin}/help/articles/${one.id}/`;
  link.textContent = one.title;
  const paragraph = document.createElement("p");
  paragraph.append(link);
  return paragraph.outerHTML;
}

async function wordsOf(one: Found): Promise<string> {
  const answer = await fetch(`/api/v1/articles/${one.id}/`);
  if (!answer.ok) throw new Error(String(answer.status));
  return ((await answer.json()) as { html: string }).html;
}

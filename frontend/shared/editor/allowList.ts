/**
 * What is pasted or was kept, as elements of ours: the tags and attributes of the server's cleaner (hub/base/rich_text), which
 * cleans again. Read in a document without scripts, and made anew element by element: nothing is parsed twice.
 */
const TAGS = new Set(
  "a b strong i em u s del code sub sup br p h2 h3 h4 ul ol li blockquote pre hr table thead tbody tr th td".split(" "),
);
/** Of these not even the words inside are kept. */
const GONE = new Set(
  "script style title head template noscript iframe object embed svg math textarea select option button canvas audio video".split(" "),
);
/** Other blocks become paragraphs, or what stands in them would run together. */
const LIKE_PARAGRAPHS = new Set("div section article header footer main aside address figure figcaption dt dd center".split(" "));
const RENAMED: Readonly<Record<string, string>> = { h1: "h2", h5: "h4", h6: "h4" };
const ADDRESS = /^(?:https?:\/\/|mailto:|tel:|\/(?![/\\])|#)[^\s\\]*$/i;
const OWN_PICTURE = /^\/api\/v1\/files\/[0-9a-f-]{36}\/content\/$/;
const BLOCKS = "p, h2, h3, h4, ul, ol, blockquote, pre, table, hr, div";

export function toFragment(html: string): DocumentFragment {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const made = document.createDocumentFragment();
  copy(parsed.body, made);
  return made;
}

function copy(from: Node, to: Node): void {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.appendChild(document.createTextNode(node.nodeValue ?? ""));
    else if (node.nodeType === Node.ELEMENT_NODE) copyElement(node as HTMLElement, to);
  }
}

function copyElement(from: HTMLElement, to: Node): void {
  const name = from.localName;
  if (GONE.has(name)) return;
  if (name === "img") return copyPicture(from, to);
  const tag = RENAMED[name] ?? (LIKE_PARAGRAPHS.has(name) && !from.querySelector(BLOCKS) ? "p" : name);
  if (!TAGS.has(tag)) return copy(from, to);
  const made = document.createElement(tag);
  const direction = from.getAttribute("dir") ?? "";
  if (/^(?:ltr|rtl|auto)$/.test(direction)) made.dir = direction;
  const address = tag === "a" ? (from.getAttribute("href") ?? "").trim() : "";
  if (ADDRESS.test(address)) made.setAttribute("href", address);
  copy(from, made);
  to.appendChild(made);
}

/** Only our own files: nothing from elsewhere loads by itself (X3). One that is still on its way has its id beside it. */
function copyPicture(from: HTMLElement, to: Node): void {
  const address = from.getAttribute("src") ?? "";
  const file = from.dataset["file"] ?? "";
  if (!OWN_PICTURE.test(address) && !(file && address.startsWith("blob:"))) return;
  const made = document.createElement("img");
  made.setAttribute("src", address);
  made.alt = from.getAttribute("alt") ?? "";
  if (file) made.dataset["file"] = file;
  to.appendChild(made);
}

/** The same as it is sent: pictures by the address they `arrived` at, without what only this page needs. */
export function toHtml(html: string, arrived: ReadonlyMap<string, string>): string {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const picture of parsed.querySelectorAll("img")) {
    const file = arrived.get(picture.dataset["file"] ?? "");
    if (file) picture.setAttribute("src", contentOf(file));
    picture.removeAttribute("data-file");
    if (!OWN_PICTURE.test(picture.getAttribute("src") ?? "")) picture.remove();
  }
  while (isEmptyBlock(parsed.body.lastElementChild)) parsed.body.lastElementChild?.remove();
  return parsed.body.innerHTML;
}

/** The uploads that stand in it as pictures. */
export function picturesIn(html: string): readonly string[] {
  return [...html.matchAll(/\/api\/v1\/files\/([0-9a-f-]{36})\/content\//g)].map(([, id]) => id ?? "");
}

export function contentOf(file: string): string {
  return `/api/v1/files/${file}/content/`;
}

function isEmptyBlock(block: Element | null): boolean {
  return block !== null && (block.textContent ?? "").trim() === "" && !block.querySelector("img, hr, td") && block.localName !== "hr";
}

/**
 * An editor in the place of a `<textarea data-editor>`. Without script the textarea sends plain text under its name; with it
 * the HTML goes beside it as `<name>_html`, and the server takes that (hub.base.rich_text.typed). What is sent is cleaned there.
 */
import Squire from "squire-rte";

import { t } from "../i18n.ts";
import { type Sender, isPicture } from "../uploads/sender.ts";
import { picturesIn, toFragment, toHtml } from "./allowList.ts";
import { type Tools, makeToolbar } from "./toolbar.ts";

export interface EditorOptions {
  /** How pictures get to the server; without it there is no way to put one in. */
  readonly sender?: Sender;
  readonly headings?: boolean;
  readonly onChange?: () => void;
}

export interface Editor {
  readonly element: HTMLElement;
  html(): string;
  setHtml(html: string): void;
  isEmpty(): boolean;
  /** The uploads that stand in the text as pictures; they are claimed with it. */
  pictures(): readonly string[];
  /** How many pictures are still on their way. */
  pending(): number;
  focus(): void;
  insertHtml(html: string): void;
  destroy(): void;
}

export function makeEditor(textarea: HTMLTextAreaElement, options: EditorOptions = {}): Editor {
  return new RichEditor(textarea, options);
}

class RichEditor implements Editor {
  readonly element = document.createElement("div");
  private readonly text = document.createElement("div");
  private readonly said = document.createElement("p");
  private readonly sent = document.createElement("input");
  private readonly squire: Squire;
  private readonly tools: Tools;
  private readonly textarea: HTMLTextAreaElement;
  private readonly options: EditorOptions;
  /** Pictures by the mark they got here, and the uploads they became: undo and redo make other elements of the same text. */
  private readonly arrived = new Map<string, string>();
  private uploading = 0;

  constructor(textarea: HTMLTextAreaElement, options: EditorOptions) {
    this.textarea = textarea;
    this.options = options;
    this.build();
    this.squire = new Squire(this.text, {
      blockTag: "P",
      blockAttributes: { dir: "auto" },
      sanitizeToDOMFragment: (html: string) => toFragment(html),
      didError: (error: unknown) => console.error(error),
    });
    this.squire._imageResizer.destroy(); // its handles are drawn with inline styles, which our policy forbids
    // The Tab key leaves the field, also inside a list (WCAG 2.1.2); Ctrl ] and Ctrl [ change the level there.
    this.squire.setKeyHandler("Tab", null).setKeyHandler("Shift-Tab", null);
    this.squire.setHTML(this.firstHtml());
    this.tools = makeToolbar(this.squire, this.element, {
      headings: options.headings ?? false,
      ...(options.sender ? { choosePicture: (files: readonly File[]) => this.addPictures(files) } : {}),
    });
    this.element.prepend(this.tools.bar);
    this.listen();
    this.keep();
  }

  html(): string {
    return toHtml(this.squire.getHTML(), this.arrived);
  }

  setHtml(html: string): void {
    this.squire.setHTML(html);
    this.keep();
  }

  insertHtml(html: string): void {
    this.squire.insertHTML(html);
    this.keep();
  }

  isEmpty(): boolean {
    return (this.text.textContent ?? "").trim() === "" && !this.text.querySelector("img");
  }

  pictures(): readonly string[] {
    return picturesIn(this.html());
  }

  pending(): number {
    return this.uploading;
  }

  focus(): void {
    this.squire.focus();
  }

  destroy(): void {
    this.squire.destroy();
    this.textarea.hidden = false;
    this.sent.remove();
    this.element.remove();
  }

  private build(): void {
    const { textarea } = this;
    this.element.className = "editor";
    this.text.className = "editor-text rich";
    this.text.dir = "auto";
    this.text.lang = textarea.lang || "";
    this.text.setAttribute("role", "textbox");
    this.text.setAttribute("aria-multiline", "true");
    this.text.setAttribute("aria-label", nameOf(textarea));
    this.text.spellcheck = true;
    for (const name of ["aria-describedby", "aria-invalid"]) {
      const value = textarea.getAttribute(name);
      if (value) this.text.setAttribute(name, value);
    }
    if (textarea.required) this.text.setAttribute("aria-required", "true");
    if (textarea.placeholder) this.text.dataset["placeholder"] = textarea.placeholder;
    if (textarea.rows > 8) this.text.classList.add("tall");
    this.said.className = "editor-said";
    this.said.setAttribute("role", "status");
    this.sent.type = "hidden";
    if (textarea.name) this.sent.name = `${textarea.name}_html`;
    this.element.append(this.text, this.said);
    textarea.after(this.element, this.sent);
    textarea.hidden = true;
    textarea.required = false; // the browser cannot ask for what it does not show; `isEmpty` is asked instead
    const label = textarea.id ? document.querySelector<HTMLLabelElement>(`label[for="${CSS.escape(textarea.id)}"]`) : null;
    label?.addEventListener("click", () => this.focus());
  }

  /** What the server kept of a form that it refused, else what stands in the textarea. */
  private firstHtml(): string {
    const kept = this.textarea.parentElement?.querySelector<HTMLTemplateElement>("template[data-editor-html]");
    if (kept) return kept.innerHTML;
    const paragraphs = this.textarea.value.split(/\n\s*\n/).filter((one) => one.trim());
    return paragraphs.map((one) => `<p>${one.split("\n").map(escaped).join("<br>")}</p>`).join("");
  }

  private listen(): void {
    this.squire.addEventListener("input", () => this.keep());
    this.text.addEventListener("paste", (event) => this.takePictures(event, event.clipboardData), true);
    this.text.addEventListener("drop", (event) => this.takePictures(event, event.dataTransfer), true);
    this.text.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey) (event.target as Element).closest("a")?.click();
    });
  }

  /** A screenshot, or pictures from a folder. Where there are words beside it (a copied table), the words are taken. */
  private takePictures(event: Event, carried: DataTransfer | null): void {
    const pictures = [...(carried?.files ?? [])].filter(isPicture);
    if (!this.options.sender || pictures.length === 0) return;
    const words = carried?.types.includes("text/html") && carried.types.includes("text/plain");
    if (words || pictures.length < (carried?.files.length ?? 0)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.addPictures(pictures);
  }

  private addPictures(files: readonly File[]): void {
    for (const file of files) void this.addPicture(file);
  }

  private async addPicture(file: File): Promise<void> {
    const { sender } = this.options;
    if (!sender) return;
    const picture = document.createElement("img");
    picture.src = URL.createObjectURL(file);
    picture.alt = file.name;
    const mark = `u${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    picture.dataset["file"] = mark;
    this.squire.insertElement(picture);
    this.begin(t("The picture is being sent …"));
    try {
      this.arrived.set(mark, (await sender.send(file).done).id);
      this.told(t("The picture is there."));
    } catch (error) {
      this.told(error instanceof Error && error.message ? error.message : t("The picture could not be sent."));
      for (const one of this.text.querySelectorAll(`img[data-file="${mark}"]`)) one.remove();
    }
    this.end();
  }

  private begin(text: string): void {
    this.uploading += 1;
    this.element.setAttribute("aria-busy", "true");
    this.told(text);
  }

  private end(): void {
    this.uploading -= 1;
    if (this.uploading === 0) this.element.removeAttribute("aria-busy");
    this.keep();
    this.element.dispatchEvent(new CustomEvent("balie:settled", { bubbles: true }));
  }

  private told(text: string): void {
    this.said.textContent = text;
  }

  private keep(): void {
    this.sent.value = this.isEmpty() ? "" : this.html();
    this.textarea.value = this.text.innerText;
    this.text.classList.toggle("empty", this.isEmpty());
    this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
    this.options.onChange?.();
  }
}

function nameOf(textarea: HTMLTextAreaElement): string {
  const label = textarea.labels?.[0];
  const words = label?.querySelector("span")?.textContent ?? label?.textContent ?? "";
  return textarea.getAttribute("aria-label") ?? words.trim();
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}


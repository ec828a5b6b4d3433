/**
 * Several files, by choosing, dragging or pasting, each with its progress. Without script `<div data-uploader>` is the file input
 * that stands in it; with it each file that has arrived is a hidden `file` of the form, and the input sends nothing.
 */
import closeIcon from "lucide-static/icons/x.svg?icon";
import fileIcon from "lucide-static/icons/file.svg?icon";
import uploadIcon from "lucide-static/icons/upload.svg?icon";

import { draw } from "../draw.ts";
import { number, t } from "../i18n.ts";
import { GivenUp, Refused, type Sender, type Upload, isPicture } from "./sender.ts";

export interface UploaderOptions {
  readonly sender: Sender;
  /** Where files may be dropped and pasted besides the element itself. */
  readonly area?: HTMLElement;
}

export interface Uploader {
  readonly element: HTMLElement;
  add(files: readonly File[]): void;
  /** Those that have arrived. */
  ids(): readonly string[];
  /** How many are on their way. */
  pending(): number;
  /** All of them gone from the screen; what arrived belongs to what was sent. */
  clear(): void;
}

export function makeUploader(element: HTMLElement, options: UploaderOptions): Uploader {
  return new ListOfFiles(element, options);
}

class ListOfFiles implements Uploader {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly list: HTMLUListElement;
  private readonly said = document.createElement("p");
  private readonly sender: Sender;
  private readonly most: number;
  private readonly bytes_max: number;
  private readonly running = new Set<Row>();

  constructor(element: HTMLElement, { sender, area = element }: UploaderOptions) {
    this.element = element;
    this.sender = sender;
    this.input = element.querySelector<HTMLInputElement>("input[type=file]")!;
    this.most = Number(element.dataset["most"] ?? 20);
    this.bytes_max = Number(element.dataset["bytesMax"] ?? 50_000_000);
    this.list = element.querySelector<HTMLUListElement>("ul.ups") ?? document.createElement("ul");
    this.build();
    this.listen(area);
  }

  add(files: readonly File[]): void {
    for (const file of files) {
      if (this.list.children.length >= this.most) {
        this.tell(t("At most {n} files go with one message.", { n: this.most }));
        return;
      }
      this.addOne(file);
    }
  }

  ids(): readonly string[] {
    return [...this.list.querySelectorAll<HTMLInputElement>('input[name="file"]')].filter((one) => one.type === "hidden" || one.checked).map((one) => one.value);
  }

  pending(): number {
    return this.running.size;
  }

  clear(): void {
    this.list.replaceChildren();
  }

  private build(): void {
    const { element, input, list } = this;
    element.classList.add("on");
    list.className = "ups";
    this.said.className = "sr";
    this.said.setAttribute("role", "status");
    input.removeAttribute("name"); // what arrives is named instead
    const drop = document.createElement("label");
    drop.className = "drop";
    const words = document.createElement("span");
    words.textContent = t("Drop files here, paste a screenshot, or");
    const button = document.createElement("span");
    button.className = "btn sm";
    button.textContent = t("Choose files");
    input.before(drop);
    drop.append(draw(uploadIcon), words, button, input);
    drop.after(list, this.said);
    for (const kept of list.querySelectorAll<HTMLElement>("li")) this.takeOver(kept);
  }

  /** A file of a form that came back: it has arrived already. */
  private takeOver(item: HTMLElement): void {
    const box = item.querySelector<HTMLInputElement>("input");
    const name = item.dataset["name"] ?? item.textContent?.trim() ?? "";
    if (!box) return;
    const row = new Row(name, this.list);
    row.arrived(box.value);
    row.onRemove(() => undefined);
    item.replaceWith(row.item);
  }

  private listen(area: HTMLElement): void {
    this.input.addEventListener("change", () => {
      this.add([...(this.input.files ?? [])]);
      this.input.value = "";
    });
    area.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.element.classList.add("over");
    });
    area.addEventListener("dragleave", () => this.element.classList.remove("over"));
    area.addEventListener("drop", (event) => {
      this.element.classList.remove("over");
      if (!event.dataTransfer?.files.length || event.defaultPrevented) return;
      event.preventDefault();
      this.add([...event.dataTransfer.files]);
    });
    // A picture pasted into the editor stands in the text; anything else pasted anywhere in the form is a file of it.
    area.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (event.defaultPrevented || files.length === 0 || event.clipboardData?.types.includes("text/plain")) return;
      event.preventDefault();
      this.add(files);
    });
  }

  private addOne(file: File): void {
    const row = new Row(file.name, this.list, isPicture(file) ? file : undefined);
    this.list.append(row.item);
    if (file.size > this.bytes_max) {
      row.failed(t("This file is too large. A file may have at most {n} MB.", { n: Math.floor(this.bytes_max / 1_000_000) }));
      row.onRemove(() => undefined);
      this.tell(`${file.name}: ${row.text()}`);
      return;
    }
    this.send(file, row);
  }

  private send(file: File, row: Row): void {
    this.running.add(row);
    row.moves(0, file.size, false);
    const upload: Upload = this.sender.send(file, (bytes, waits) => row.moves(bytes, file.size, waits));
    row.onRemove(() => {
      upload.cancel();
      this.running.delete(row);
      this.settled();
    });
    void upload.done
      .then((sent) => {
        row.arrived(sent.id, sent.size);
        this.tell(t("{name} is there.", { name: file.name }));
      })
      .catch((error: unknown) => {
        if (error instanceof GivenUp) return;
        const again = error instanceof Refused ? undefined : () => this.send(file, row);
        row.failed(error instanceof Error && error.message ? error.message : t("This file was not accepted."), again);
        this.tell(`${file.name}: ${row.text()}`);
      })
      .finally(() => {
        this.running.delete(row);
        this.settled();
      });
  }

  private settled(): void {
    this.element.dispatchEvent(new CustomEvent("balie:settled", { bubbles: true }));
  }

  private tell(text: string): void {
    this.said.textContent = text;
  }
}

/** One file of the list: its name, how far it is, and the way to take it away. */
class Row {
  readonly item = document.createElement("li");
  private readonly bar = document.createElement("progress");
  private readonly state = document.createElement("small");
  private readonly remove = document.createElement("button");
  private readonly name: string;
  private taken = (): void => undefined;

  constructor(name: string, list: HTMLElement, picture?: File) {
    this.name = name;
    this.item.className = "up";
    const label = document.createElement("b");
    const letters = document.createElement("bdi");
    letters.textContent = name;
    label.append(letters);
    this.remove.type = "button";
    this.remove.className = "ibtn";
    this.remove.append(draw(closeIcon, "sm"));
    this.remove.setAttribute("aria-label", t("Remove {name}", { name }));
    this.remove.addEventListener("click", () => {
      const next = (this.item.nextElementSibling ?? this.item.previousElementSibling)?.querySelector("button");
      this.taken();
      this.item.remove();
      (next ?? list.parentElement?.querySelector<HTMLElement>("input[type=file]"))?.focus();
    });
    this.bar.max = 1;
    this.bar.setAttribute("aria-label", name);
    this.item.append(pictureOf(picture), label, this.remove, this.bar, this.state);
  }

  onRemove(act: () => void): void {
    this.taken = act;
  }

  text(): string {
    return this.state.textContent ?? "";
  }

  moves(bytes: number, size: number, waits: boolean): void {
    this.item.className = waits ? "up waits" : "up";
    this.bar.value = size ? bytes / size : 0;
    const part = t("{sent} of {all}", { sent: bytesText(bytes), all: bytesText(size) });
    this.state.textContent = waits ? t("{part}. The line was cut; it goes on by itself.", { part }) : part;
    if (!this.bar.isConnected) this.state.before(this.bar);
  }

  arrived(id: string, size?: number): void {
    const sent = document.createElement("input");
    Object.assign(sent, { type: "hidden", name: "file", value: id });
    this.item.className = "up done";
    this.state.textContent = size === undefined ? "" : bytesText(size);
    this.bar.remove();
    this.item.append(sent);
  }

  failed(text: string, again?: () => void): void {
    this.item.className = "up err";
    this.bar.remove();
    this.state.replaceChildren(text);
    if (!again) return;
    const retry = document.createElement("button");
    Object.assign(retry, { type: "button", className: "link", textContent: t("Try again") });
    retry.setAttribute("aria-label", t("Try {name} again", { name: this.name }));
    retry.addEventListener("click", () => again());
    this.state.append(" ", retry);
  }
}

function pictureOf(picture: File | undefined): HTMLElement {
  const tile = document.createElement("span");
  tile.className = "ic";
  if (!picture) {
    tile.append(draw(fileIcon));
    return tile;
  }
  const shown = document.createElement("img");
  shown.alt = "";
  shown.src = URL.createObjectURL(picture);
  shown.onload = () => URL.revokeObjectURL(shown.src);
  shown.onerror = () => tile.replaceChildren(draw(fileIcon)); // it only said that it was one
  tile.append(shown);
  return tile;
}

export function bytesText(bytes: number): string {
  if (bytes < 1000) return t("{n} bytes", { n: bytes });
  if (bytes < 1_000_000) return t("{n} KB", { n: number(Math.round(bytes / 1000)) });
  return t("{n} MB", { n: number(Math.round(bytes / 100_000) / 10) });
}

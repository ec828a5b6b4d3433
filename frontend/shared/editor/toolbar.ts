/** The editor's toolbar: one stop of the Tab key, arrows within (WAI-ARIA toolbar), names and states for who does not see it. */
import boldIcon from "lucide-static/icons/bold.svg?icon";
import bulletsIcon from "lucide-static/icons/list.svg?icon";
import codeIcon from "lucide-static/icons/code.svg?icon";
import headingIcon from "lucide-static/icons/heading.svg?icon";
import italicIcon from "lucide-static/icons/italic.svg?icon";
import linkIcon from "lucide-static/icons/link.svg?icon";
import numbersIcon from "lucide-static/icons/list-ordered.svg?icon";
import pictureIcon from "lucide-static/icons/image.svg?icon";
import quoteIcon from "lucide-static/icons/quote.svg?icon";
import redoIcon from "lucide-static/icons/redo-2.svg?icon";
import undoIcon from "lucide-static/icons/undo-2.svg?icon";
import type Squire from "squire-rte";

import { type Drawing, draw } from "../draw.ts";
import { t } from "../i18n.ts";
import { askForLink } from "./linkRow.ts";

export interface Tools {
  readonly bar: HTMLElement;
}

export interface ToolOptions {
  readonly headings: boolean;
  readonly choosePicture?: (files: readonly File[]) => void;
}

interface Tool {
  readonly name: string;
  readonly icon: Drawing;
  /** The element in the editor's path that says it is on. */
  readonly tag?: string;
  readonly keys?: string;
  readonly flip?: boolean;
  readonly act: (on: boolean) => void;
}

export function makeToolbar(squire: Squire, element: HTMLElement, options: ToolOptions): Tools {
  const bar = document.createElement("div");
  bar.className = "editor-tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", t("Formatting"));
  const buttons = toolsOf(squire, element, options).map((tool) => buttonOf(squire, tool));
  bar.append(...buttons.map(({ button }) => button));
  walkByArrows(bar);
  squire.addEventListener("pathChange", () => {
    const tags = new Set(squire.getPath().split(/[>.[]/));
    for (const { button, tool } of buttons) if (tool.tag) button.setAttribute("aria-pressed", String(tags.has(tool.tag)));
  });
  return { bar };
}

function toolsOf(squire: Squire, element: HTMLElement, options: ToolOptions): readonly Tool[] {
  const { choosePicture } = options;
  return [
    { name: t("Bold"), icon: boldIcon, tag: "B", keys: "Control+B", act: (on) => (on ? squire.removeBold() : squire.bold()) },
    { name: t("Italic"), icon: italicIcon, tag: "I", keys: "Control+I", act: (on) => (on ? squire.removeItalic() : squire.italic()) },
    ...(options.headings ? [{ name: t("Heading"), icon: headingIcon, tag: "H2", act: (on: boolean) => setHeading(squire, !on) }] : []),
    { name: t("List"), icon: bulletsIcon, tag: "UL", flip: true, act: (on) => (on ? squire.removeList() : squire.makeUnorderedList()) },
    { name: t("Numbered list"), icon: numbersIcon, tag: "OL", flip: true, act: (on) => (on ? squire.removeList() : squire.makeOrderedList()) },
    { name: t("Quotation"), icon: quoteIcon, tag: "BLOCKQUOTE", flip: true, act: (on) => (on ? squire.removeQuote() : squire.increaseQuoteLevel()) },
    { name: t("Code"), icon: codeIcon, tag: "PRE", act: () => squire.toggleCode() },
    { name: t("Link"), icon: linkIcon, tag: "A", act: (on) => (on ? squire.removeLink() : askForLink(squire, element)) },
    ...(choosePicture ? [{ name: t("Picture"), icon: pictureIcon, act: () => choosePictures(choosePicture) }] : []),
    { name: t("Undo"), icon: undoIcon, keys: "Control+Z", flip: true, act: () => squire.undo() },
    { name: t("Redo"), icon: redoIcon, keys: "Control+Shift+Z", flip: true, act: () => squire.redo() },
  ];
}

function buttonOf(squire: Squire, tool: Tool): { readonly button: HTMLButtonElement; readonly tool: Tool } {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ibtn";
  button.title = tool.name;
  button.setAttribute("aria-label", tool.name);
  if (tool.tag) button.setAttribute("aria-pressed", "false");
  if (tool.keys) button.setAttribute("aria-keyshortcuts", tool.keys);
  button.append(draw(tool.icon, tool.flip ? "sm flip" : "sm"));
  // The selection in the text stays where it is.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    squire.focus();
    tool.act(button.getAttribute("aria-pressed") === "true");
  });
  return { button, tool };
}

function setHeading(squire: Squire, on: boolean): void {
  squire.modifyBlocks((fragment) => {
    const tag = on ? "h2" : "p";
    for (const block of fragment.querySelectorAll("p, h2, h3, h4")) {
      const made = document.createElement(tag);
      made.dir = "auto";
      made.append(...block.childNodes);
      block.replaceWith(made);
    }
    return fragment;
  });
}

function choosePictures(take: (files: readonly File[]) => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = "image/png,image/jpeg,image/webp,image/gif";
  input.multiple = true;
  input.addEventListener("change", () => take([...(input.files ?? [])]));
  input.click();
}

/** One of them is reached by Tab, the others by arrows, Home and End. */
function walkByArrows(bar: HTMLElement): void {
  const all = [...bar.querySelectorAll<HTMLButtonElement>("button")];
  all.forEach((button, nth) => (button.tabIndex = nth === 0 ? 0 : -1));
  bar.addEventListener("keydown", (event) => {
    const here = all.indexOf(event.target as HTMLButtonElement);
    const forward = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const steps: Readonly<Record<string, number>> = { [forward]: here + 1, [back]: here - 1, Home: 0, End: all.length - 1 };
    const to = steps[event.key];
    if (to === undefined || here < 0) return;
    event.preventDefault();
    const next = all[(to + all.length) % all.length];
    for (const one of all) one.tabIndex = one === next ? 0 : -1;
    next?.focus();
  });
}

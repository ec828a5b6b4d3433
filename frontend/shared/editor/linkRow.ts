/** Where a link leads: a row in the editor, not a dialog over it. Enter puts it in, Escape gives it up. */
import type Squire from "squire-rte";

import { t } from "../i18n.ts";

const ADDRESS = /^(?:https?:\/\/|mailto:|tel:|\/)\S+$/i;

export function askForLink(squire: Squire, element: HTMLElement): void {
  element.querySelector(".editor-link")?.remove();
  const range = squire.getSelection();
  const row = document.createElement("div");
  row.className = "editor-link";
  const input = document.createElement("input");
  Object.assign(input, { type: "url", className: "input ltr", placeholder: "https://", maxLength: 2000 });
  input.setAttribute("aria-label", t("Address of the link"));
  const put = buttonOf(t("Put in"));
  const close = (): void => {
    row.remove();
    squire.setSelection(range);
    squire.focus();
  };
  const act = (): void => {
    const address = addressOf(input.value);
    if (!address) return input.focus();
    close();
    squire.makeLink(address);
  };
  const leave = buttonOf(t("Cancel"));
  put.addEventListener("click", act);
  leave.addEventListener("click", close);
  row.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape" || event.target === leave) close();
    else act();
  });
  row.append(input, put, leave);
  element.querySelector(".editor-tools")?.after(row);
  input.focus();
}

/** What people type without its beginning is a web address, or somebody's mailbox. */
export function addressOf(typed: string): string {
  const said = typed.trim();
  if (!said || /\s/.test(said)) return "";
  if (ADDRESS.test(said)) return said;
  if (/^[^@/]+@[^@/]+\.[^@/]+$/.test(said)) return `mailto:${said}`;
  return /^[\w-]+(?:\.[\w-]+)+(?:[/?#:]\S*)?$/.test(said) ? `https://${said}` : "";
}

function buttonOf(text: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn sm";
  button.textContent = text;
  return button;
}

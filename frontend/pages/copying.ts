/** A button that copies the text of another element. Without script, or where the browser has no clipboard for us, it stays away. */
export function copyByButton(buttons: NodeListOf<HTMLButtonElement>): void {
  if (!("clipboard" in navigator)) return;
  for (const button of buttons) {
    const text = document.getElementById(button.dataset["copies"] ?? "");
    const said = button.parentElement?.querySelector<HTMLElement>("[role=status]");
    if (!text || !said) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      void copy(text).then((copied) => {
        said.textContent = copied ? (button.dataset["copied"] ?? "") : "";
      });
    });
  }
}

/** What the browser refuses to copy is selected instead, so that one key does it. */
async function copy(text: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(text);
    return false;
  }
}

/** A window that was opened to pay in closes by itself where the browser lets it, else at the button. */
export function closeWhenDone(button: HTMLElement): void {
  button.hidden = false;
  button.addEventListener("click", () => window.close());
  window.close();
}

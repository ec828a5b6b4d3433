/** Pages with a ticket's conversation: its styles, and pictures that a worker is still drawing (docs/how/files.md) come when they are ready. */
import "../shared/conversation.css";

const PAUSES_MS = [2000, 4000, 8000, 16_000, 30_000];

for (const picture of document.querySelectorAll<HTMLImageElement>(".post img")) waitFor(picture);

function waitFor(picture: HTMLImageElement): void {
  let tries = 0;
  const again = (): void => {
    const pause_ms = PAUSES_MS[tries++];
    if (pause_ms !== undefined) window.setTimeout(() => (picture.src = picture.getAttribute("src") ?? ""), pause_ms);
  };
  picture.addEventListener("error", again);
  if (picture.complete && picture.naturalWidth === 0) again();
}

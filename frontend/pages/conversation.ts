/**
 * Pages with a ticket's conversation or its files: its styles, and what a worker still judges or draws (docs/how/files.md) comes when it is
 * ready: pictures in texts by themselves, files of a list with the page, which is fetched again.
 */
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

/** `[data-comes]`: not ready when the page was drawn. */
const COMES = "[data-comes]";
let asked = 0;
if (document.querySelector(COMES)) lookAgain();

function lookAgain(): void {
  const pause_ms = PAUSES_MS[asked++];
  if (pause_ms !== undefined) window.setTimeout(() => void bringWhatCame().finally(() => document.querySelector(COMES) && lookAgain()), pause_ms);
}

async function bringWhatCame(): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const waiting of document.querySelectorAll(COMES)) {
    const item = waiting.closest<HTMLElement>(".files li, tr");
    const around = waiting.closest<HTMLElement>("[id]");
    const fresh = around ? page.getElementById(around.id) : null;
    if (!item || !around || !fresh) continue;
    if (item === around) item.replaceWith(fresh);
    else item.replaceWith(...[...fresh.querySelectorAll(".files li")].filter((_one, place) => place === [...around.querySelectorAll(".files li")].indexOf(item)));
  }
}

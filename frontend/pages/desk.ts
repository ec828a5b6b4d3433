/** The staff's pages of tickets. They work without this script; it keeps them fresh, keeps what is typed, and adds keys. */
import "./desk.css";

import { offerArticles } from "./deskArticles.ts";
import { keepDraft, warnOfNews } from "./deskComposer.ts";
import { startKeys } from "./deskKeys.ts";
import { chooseMany, followAddress } from "./deskList.ts";
import { followList, followTicket, openEarlier } from "./deskLive.ts";

const place = document.querySelector<HTMLElement>("[data-desk]");

if (place?.dataset["desk"] === "list") {
  chooseMany();
  followAddress();
  followList();
}
if (place?.dataset["desk"] === "ticket") {
  const composer = document.querySelector<HTMLFormElement>("[data-composer]");
  const writing = composer ? keepDraft(composer) : undefined;
  followTicket(place, { isWriting: () => writing?.isWriting() ?? false, news: composer ? warnOfNews(composer) : () => undefined });
  if (composer) offerArticles(composer);
  runStopwatch();
  hideHistory();
  openEarlier();
}
if (place) startKeys(place.dataset["desk"] ?? "");

/** The running stopwatch moves each second; the hub counts by its own clock. */
function runStopwatch(): void {
  const begun = performance.now();
  setInterval(() => {
    for (const one of document.querySelectorAll<HTMLElement>("[data-running]")) {
      const from = Number(one.dataset["running"]);
      const since = Number((one.dataset["since"] ??= String(begun)));
      one.textContent = clockTime(from + Math.floor((performance.now() - since) / 1000));
    }
  }, 1000);
}

function clockTime(seconds: number): string {
  const two = (value: number) => new Intl.NumberFormat(document.documentElement.lang, { minimumIntegerDigits: 2 }).format(value);
  const plain = (value: number) => new Intl.NumberFormat(document.documentElement.lang, { useGrouping: false }).format(value);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${plain(hours)}:${two(minutes)}:${two(seconds % 60)}` : `${plain(minutes)}:${two(seconds % 60)}`;
}

/** Events can be hidden, for who wants to read what was said. */
function hideHistory(): void {
  const box = document.querySelector<HTMLElement>("[data-hides]");
  const input = box?.querySelector("input");
  if (!box || !input) return;
  box.hidden = false;
  input.addEventListener("change", () => document.getElementById("lines")?.classList.toggle("no-history", !input.checked));
}

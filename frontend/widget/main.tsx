/** Starts the widget in its frame: who the site is, which language, then the talk with the page around and with the hub. */
import "../shared/fonts.css";
import "../shared/tokens.css";
import "../shared/components.css";
import "./widget.css";

import { effect } from "@preact/signals";
import { render } from "preact";

import type { ToFrame } from "../loader/messages.ts";
import { speak } from "../shared/speech.ts";
import { MemoryShelf, openShelf } from "../shared/storage.ts";
import { App } from "./App.tsx";
import { Bridge } from "./bridge.ts";
import { catalogs } from "./catalogs.ts";
import { PlaceProvider } from "./context.ts";
import { ChosenLanguage } from "./languages.ts";
import { fetchLaterWhenIdle } from "./lazy.tsx";
import { Visit } from "./visit.ts";

/** The bubble's ring shows minutes; so often is enough. */
const BUBBLE_MS = 15_000;

const root = document.getElementById("balie")!;
const { site = "", name = "", languages: offers = "", tickets: tickets_url = "" } = root.dataset;
const bridge = new Bridge(JSON.parse(document.getElementById("origins")?.textContent ?? "[]") as string[]);
const [lasting, passing] = [openShelf("localStorage"), openShelf("sessionStorage")];
const visit = new Visit({
  site, socket_url: `${location.origin.replace(/^http/, "ws")}/ws/visitor/`, lasting, passing, tell: (message) => bridge.tell(message),
});

const minimise = () => bridge.tell({ balie: "close" });
const anew = passing instanceof MemoryShelf ? undefined : () => location.reload();
const languages = new ChosenLanguage(lasting, document.documentElement.lang);
const choose = (language: string) => {
  languages.choose(language);
  return speak(catalogs, language);
};
/** Identities are told to the hub one after the other, and before the line is opened. */
let introduced: Promise<void> = Promise.resolve();
let begun: Promise<void> | undefined;

function begin(): Promise<void> {
  begun ??= introduced.then(() => visit.begin());
  return begun;
}

function open(): void {
  visit.socket.nudge();
  void begin().then(() => visit.show(true)).then(focusFirst);
}

/** Where somebody who has just opened the widget wants to begin. */
function focusFirst(): void {
  const places = [".comp textarea", ".w-b input:checked", ".w-b .input", ".w-f .btn", ".ibtn"];
  requestAnimationFrame(() => places.map((place) => document.querySelector<HTMLElement>(place)).find(Boolean)?.focus());
}

function heard(message: ToFrame): void {
  switch (message.balie) {
    case "open":
      open();
      break;
    case "close":
      visit.show(false);
      // Loaded without being opened: a chat goes on from an earlier page of the site.
      if (visit.account.expectsChat) void begin();
      break;
    case "page":
      visit.page = { url: message.url.slice(0, 2048), title: message.title.slice(0, 200), referrer: message.referrer.slice(0, 2048), language: navigator.language, ...machine() };
      break;
    case "identify":
      introduced = introduced.then(() => visit.identify(message.token)).catch(() => undefined);
      break;
    case "language":
      void speak(catalogs, languages.of(message.language));
      break;
    case "fields":
      visit.fields.value = message.fields;
      break;
    case "shutdown":
      visit.signOut();
      bridge.tell({ balie: "gone" });
  }
}

/** Browser and system in plain words, as far as the browser tells (C15). */
function machine(): { readonly browser: string; readonly system: string } {
  const agent = navigator.userAgent;
  const browser = /(Edg|OPR|Firefox|Chrome|Version)\/(\d+)/.exec(agent);
  const names: Readonly<Record<string, string>> = { Edg: "Edge", OPR: "Opera", Version: "Safari" };
  const system = /Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux/.exec(agent)?.[0] ?? "";
  return { browser: browser ? `${names[browser[1]!] ?? browser[1]} ${browser[2]}` : "", system };
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) minimise();
});
addEventListener("online", () => visit.socket.nudge());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  visit.socket.nudge();
  visit.look();
});
setInterval(() => visit.keepBubble(), BUBBLE_MS);
effect(() => {
  if (visit.isOnline && visit.isShown.value) fetchLaterWhenIdle();
});

void speak(catalogs, languages.of()).then(() => {
  render(<PlaceProvider value={{ visit, bridge, site, lasting, passing, name, tickets_url, offered: offers.split(" ").filter(Boolean), minimise, anew, speak: choose }}><App /></PlaceProvider>, root);
  bridge.start(heard);
  if (!bridge.isEmbedded) open();
});

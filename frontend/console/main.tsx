/** The agent console. The page is made by templates/staff/console.html. */
import "./console.css";
import "../shared/chatFiles.css";
import "../shared/fonts.css";

import { effect } from "@preact/signals";
import { render } from "preact";

import { loadLanguage } from "../shared/language.ts";
import { LiveSocket } from "../shared/socket.ts";
import { openShelf } from "../shared/storage.ts";
import { tick } from "../shared/tick.ts";
import { workerTicker } from "../shared/ticker.ts";

import { armOnFirstUse, startAlarms } from "./alarms.ts";
import { App } from "./App.tsx";
import { liveUrl, readBoot } from "./boot.ts";
import { Desk } from "./desk.ts";
import { startKeys } from "./keys.ts";
import { Sounds } from "./sounds.ts";

async function start(): Promise<void> {
  const boot = readBoot();
  await loadLanguage("console", boot.language);
  const socket = new LiveSocket({
    url: liveUrl("/ws/staff/"),
    side: "staff",
    shelf: openShelf("sessionStorage"),
    outbox_key: `balie.console.outbox.${boot.me.id}`,
    ticker: workerTicker,
  });
  const desk = new Desk({ me: boot.me, socket });
  const sounds = new Sounds(openShelf("localStorage"));
  const root = document.getElementById("app");
  if (!root) throw new Error("the page has no place for the console");
  render(<App all={{ boot, desk, sounds }} />, root);
  effect(() => {
    void tick.value;
    desk.tick();
  });
  armOnFirstUse(sounds);
  startAlarms(desk, sounds);
  startKeys(desk);
  document.addEventListener("visibilitychange", () => socket.nudge());
  window.addEventListener("online", () => socket.nudge());
  socket.open();
}

void start();

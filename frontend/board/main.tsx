/** The live board. The page is made by templates/staff/board.html; dark unless `?theme=light`. */
import "./board.css";
import "../shared/fonts.css";

import { computed, effect, signal } from "@preact/signals";
import { render } from "preact";

import { announce } from "../shared/announcer.tsx";
import { BoardFeed } from "../shared/boardFeed.ts";
import { t } from "../shared/i18n.ts";
import { loadLanguage } from "../shared/language.ts";
import { LiveSocket } from "../shared/socket.ts";
import { tick } from "../shared/tick.ts";
import { workerTicker } from "../shared/ticker.ts";

import { App } from "./App.tsx";
import { type Boot, readBoot } from "./boot.ts";
import { figuresOf } from "./figures.ts";
import { addSample, NO_TREND, type Trend } from "./trend.ts";

async function start(): Promise<void> {
  const boot = readBoot();
  const theme = new URLSearchParams(location.search).get("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
  await loadLanguage("board", boot.language);
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new LiveSocket({ url: `${scheme}://${location.host}/ws/staff/`, side: "staff", ticker: workerTicker });
  const feed = new BoardFeed(socket, boot.me.topics);
  const heard_at = signal<number | undefined>(undefined);
  socket.attach({ frame: () => (heard_at.value = socket.clock.now()) });
  const now = computed(() => {
    const local_ms = tick.value;
    return socket.line.value.state === "open" ? socket.clock.now(local_ms) : (heard_at.value ?? socket.clock.now(local_ms));
  });
  const trend = signal<Trend>(NO_TREND);
  const root = document.getElementById("app");
  if (!root) throw new Error("the page has no place for the board");
  render(<App {...{ boot, socket, feed, now, heard_at, trend }} />, root);
  effect(() => {
    if (!feed.known.value || socket.line.value.state !== "open") return;
    const figures = figuresOf(feed.rows.value, now.value, boot.queue_age);
    trend.value = addSample(trend.peek(), now.value, figures.rate_m);
  });
  alarmOnce(boot, feed, now);
  document.addEventListener("visibilitychange", () => socket.nudge());
  window.addEventListener("online", () => socket.nudge());
  socket.open();
}

/** Says it when somebody begins to wait longer than promised, once until nobody does. */
function alarmOnce(boot: Boot, feed: BoardFeed, now: { readonly value: number }): void {
  const overdue = computed(() => figuresOf(feed.rows.value, now.value, boot.queue_age).waiting_by_age.overdue > 0);
  effect(() => {
    if (overdue.value) announce(t("Somebody waits longer than promised."), "urgent");
  });
}

void start();

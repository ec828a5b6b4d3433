import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";

import { ageOf } from "../shared/age.ts";
import { Announcer } from "../shared/announcer.tsx";
import { boardChargedM, boardElapsedSeconds } from "../shared/board.ts";
import type { BoardFeed } from "../shared/boardFeed.ts";
import { Age, Avatar, BELL, Capacity, Icon, Presence } from "../shared/components/index.ts";
import { clock, credits, dateLocale, duration, number, t, tn } from "../shared/i18n.ts";
import { octagonIcon, offlineIcon, pauseIcon } from "../shared/icons.ts";
import type { LiveSocket } from "../shared/socket.ts";
import { milliseconds, type PresenceStatus } from "../shared/protocol.ts";
import { presenceText } from "../shared/words.ts";

import type { Boot } from "./boot.ts";
import {
  type Colleague,
  countByStatus,
  departmentLines,
  type Figures,
  figuresOf,
  type Running,
  sessionsInOrder,
  staffInOrder,
} from "./figures.ts";
import { peakOf, pointsOf, type Trend } from "./trend.ts";
export interface BoardProps {
  readonly boot: Boot;
  readonly socket: LiveSocket;
  readonly feed: BoardFeed;
  /** The hub's time; it stands still while the line is down, for then nobody knows. */
  readonly now: ReadonlySignal<number>;
  readonly heard_at: ReadonlySignal<number | undefined>;
  readonly trend: ReadonlySignal<Trend>;
}

export function App(props: BoardProps) {
  const { boot, feed, now } = props;
  const rows = feed.rows.value;
  const figures = figuresOf(rows, now.value, boot.queue_age);
  return (
    <main class="wall" aria-busy={!feed.known.value}>
      <Head {...props} />
      {boot.me.topics.length === 0 && (
        <p class="nothing">{t("You have no department yet, so there is nothing to follow here.")}</p>
      )}
      <section class="kpi" aria-label={t("Now")}>
        <Waiting figures={figures} known={feed.known.value} />
        <LongestWait figures={figures} boot={boot} />
        <Chats figures={figures} known={feed.known.value} />
        {boot.me.sees_meters && <Rate figures={figures} trend={props.trend.value} now_ms={now.value} />}
      </section>
      <div class="rest">
        <Staff {...props} />
        <Departments {...props} />
        <Sessions {...props} />
      </div>
      <Announcer />
    </main>
  );
}

// --- the head --------------------------------------------------------------------------------------------------------

function Head({ socket, now, heard_at }: BoardProps) {
  const local = new Date(now.value - socket.clock.offset_ms);
  const lang = dateLocale();
  return (
    <header class="hd">
      <span class="mark">
        <Icon of={BELL} size="lg" />
      </span>
      <h1>{t("Counter live")}</h1>
      <Live socket={socket} now_ms={now.value} heard_at={heard_at.value} />
      <time dateTime={local.toISOString()}>
        {local.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", second: "2-digit" })}
      </time>
      <span class="d num">{local.toLocaleDateString(lang, { weekday: "short", day: "numeric", month: "short" })}</span>
    </header>
  );
}

function Live({
  socket,
  now_ms,
  heard_at,
}: {
  readonly socket: LiveSocket;
  readonly now_ms: number;
  readonly heard_at: number | undefined;
}) {
  const line = socket.line.value;
  if (line.state === "open" && heard_at !== undefined) {
    const ago_s = Math.max(0, Math.round((now_ms - heard_at) / 1000));
    return (
      <span class="live">
        <span class="pres online" aria-hidden="true" />
        {t("Live, updated {n} s ago", { n: ago_s })}
      </span>
    );
  }
  if (line.state === "stopped") {
    return (
      <span class="live lost" role="status">
        <Icon of={offlineIcon} />
        {line.why === "forbidden" ? t("You may no longer see the board.") : t("Signed out.")}{" "}
        <a class="link" href="">
          {t("Reload")}
        </a>
      </span>
    );
  }
  if (heard_at === undefined)
    return (
      <span class="live" role="status">
        <span class="pres offline" aria-hidden="true" />
        {t("Connecting")}
      </span>
    );
  const since = new Date(heard_at - socket.clock.offset_ms).toLocaleTimeString(dateLocale(), {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  return (
    <span class="live lost" role="status">
      <Icon of={offlineIcon} />
      {t("No connection. These figures are of {time}. Trying again.", { time: since })}
    </span>
  );
}

// --- the big figures -------------------------------------------------------------------------------------------------

function Waiting({ figures, known }: { readonly figures: Figures; readonly known: boolean }) {
  const { waiting_by_age } = figures;
  return (
    <article class="p">
      <h2>{t("Waiting now")}</h2>
      <div class="f">
        <Big known={known}>{number(figures.waiting)}</Big>
        {figures.waiting > 0 && <small>{tn("in {n} department", "in {n} departments", figures.waiting_departments)}</small>}
      </div>
      <div class="row ages">
        <span class="age overdue">
          <span class="sr">{t("overdue:")} </span>
          {number(waiting_by_age.overdue)}
        </span>
        <span class="age ageing">
          <span class="sr">{t("ageing:")} </span>
          {number(waiting_by_age.ageing)}
        </span>
        <span class="age fresh">
          <span class="sr">{t("fresh:")} </span>
          {number(waiting_by_age.fresh)}
        </span>
      </div>
    </article>
  );
}

function Big({ known, children }: { readonly known: boolean; readonly children: ComponentChildren }) {
  return known ? <span class="big">{children}</span> : <i class="sk big-sk late" />;
}

function LongestWait({ figures, boot }: { readonly figures: Figures; readonly boot: Boot }) {
  const { longest } = figures;
  const age = longest ? ageOf(longest.seconds, boot.queue_age) : "fresh";
  const department = longest ? boot.departments[longest.department] : undefined;
  const promise = clock(boot.queue_age.overdue_s);
  return (
    <article class={age === "overdue" ? "p alarm" : "p"}>
      <h2>
        {age === "overdue" && <Icon of={octagonIcon} size="lg" />}
        {t("Longest wait")}
      </h2>
      <div class="f">
        <span class={longest ? "big" : "big word"}>{longest ? clock(longest.seconds) : t("none")}</span>
      </div>
      <small class="foot clip">
        {[
          age === "overdue" ? t("Over the {time} promise", { time: promise }) : t("Promise {time}", { time: promise }),
          department,
        ]
          .filter(Boolean)
          .join(" · ")}
      </small>
    </article>
  );
}

/** A wall can show so many segments; beyond, each stands for more than one seat. */
const SEGMENTS_MAX = 40;

function Chats({ figures, known }: { readonly figures: Figures; readonly known: boolean }) {
  const seats = figures.running + figures.room;
  const segments = Math.min(seats, SEGMENTS_MAX);
  const on = seats === 0 ? 0 : Math.round((segments * figures.running) / seats);
  return (
    <article class="p">
      <h2>
        {t("Chats running")}
        <span class="num">{t("room for {n} more", { n: figures.room })}</span>
      </h2>
      <div class="f">
        <Big known={known}>{number(figures.running)}</Big>
        <small>{t("of {n}", { n: seats })}</small>
      </div>
      <div class="seg" aria-hidden="true">
        {Array.from({ length: segments }, (_, place) => (
          <i key={place} class={place < on ? "on" : ""} />
        ))}
      </div>
    </article>
  );
}

const WIDTH = 600;
const HEIGHT = 110;

function Rate({ figures, trend, now_ms }: { readonly figures: Figures; readonly trend: Trend; readonly now_ms: number }) {
  const points = pointsOf(trend, figures.rate_m, now_ms, WIDTH, HEIGHT);
  const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  const [first] = points;
  const last = points.at(-1);
  const peak = credits(peakOf(trend));
  return (
    <article class="p">
      <h2>
        {t("Credits per minute")}
        <span class="num">{t("last 60 min, peak {amount}", { amount: peak })}</span>
      </h2>
      <div class="spark">
        <div class="f">
          <span class="big">{credits(figures.rate_m)}</span>
        </div>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t("Credits per minute while this board was open, at most {amount}", { amount: peak })}
        >
          <g class="gr">
            <path d={`M0 ${HEIGHT}H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 0H${WIDTH}`} />
          </g>
          {first && last && (
            <polygon class="area" points={`${first[0].toFixed(1)},${HEIGHT} ${path} ${last[0].toFixed(1)},${HEIGHT}`} />
          )}
          <polyline class="ln" points={path} />
        </svg>
      </div>
    </article>
  );
}

// --- staff -----------------------------------------------------------------------------------------------------------

const STATUSES: readonly PresenceStatus[] = ["online", "busy", "away", "offline"];

function Staff({ boot, feed, now }: BoardProps) {
  const staff = staffInOrder(feed.rows.value);
  const counts = countByStatus(staff);
  return (
    <article class="p staff-panel">
      <h2>
        {t("Staff")}
        <span class="sum">
          {STATUSES.map((status) => (
            <span key={status}>
              <Presence status={status} quiet />
              {statusCount(status, counts[status])}
            </span>
          ))}
        </span>
      </h2>
      <ul class={staff.length > 12 ? "agents many" : "agents"} tabIndex={0} aria-label={t("Staff")}>
        {staff.map((colleague) => (
          <Agent key={colleague.id} colleague={colleague} boot={boot} now_ms={now.value} />
        ))}
      </ul>
      {feed.known.value && staff.length === 0 && <p class="nothing">{t("No staff in these departments.")}</p>}
    </article>
  );
}

function statusCount(status: PresenceStatus, n: number): string {
  switch (status) {
    case "online":
      return t("{n} online", { n });
    case "busy":
      return t("{n} busy", { n });
    case "away":
      return t("{n} away", { n });
    case "offline":
      return t("{n} offline", { n });
  }
}

function Agent({ colleague, boot, now_ms }: { readonly colleague: Colleague; readonly boot: Boot; readonly now_ms: number }) {
  const out = colleague.status === "away" || colleague.status === "offline";
  const departments = colleague.departments
    .map((id) => boot.departments[id])
    .filter(Boolean)
    .join(", ");
  return (
    <li class={out && colleague.chats === 0 ? "out" : ""}>
      <span class="av-with" aria-hidden="true">
        <Avatar name={colleague.name} id={colleague.id} staff />
        <Presence status={colleague.status} quiet />
      </span>
      <b class="clip" dir="auto">
        {colleague.name}
        <span class="sr">, {presenceText(colleague.status)}</span>
      </b>
      {!(out && colleague.chats === 0) && <Capacity taken={colleague.chats} of={Math.max(colleague.capacity, colleague.chats)} />}
      <small class="clip">
        {colleague.status === "away" && colleague.since
          ? t("Away for {time}", { time: duration((now_ms - milliseconds(colleague.since)) / 1000) })
          : departments}
      </small>
    </li>
  );
}

// --- departments -----------------------------------------------------------------------------------------------------

function Departments({ boot, feed, now }: BoardProps) {
  const lines = departmentLines(feed.rows.value, boot.departments, boot.me.topics, now.value);
  return (
    <article class="p departments">
      <h2 id="departments">{t("Departments")}</h2>
      <div class="fit" tabIndex={0} role="region" aria-labelledby="departments">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t("Department")}</th>
              <th scope="col" class="n">
                {t("Waiting")}
              </th>
              <th scope="col" class="n">
                {t("Longest")}
              </th>
              <th scope="col" class="n">
                {t("Chats")}
              </th>
              <th scope="col" class="n">
                {t("Free seats")}
              </th>
              {boot.me.sees_meters && (
                <th scope="col" class="n">
                  {t("Credits/min")}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.id}>
                <th scope="row" dir="auto">
                  {line.name}
                </th>
                <td class="n">{number(line.waiting)}</td>
                <td class="n">
                  {line.longest_s === undefined ? (
                    <span class="muted">{t("none")}</span>
                  ) : (
                    <Age seconds={line.longest_s} {...boot.queue_age}>
                      {clock(line.longest_s)}
                    </Age>
                  )}
                </td>
                <td class="n">{number(line.chats)}</td>
                <td class="n">{number(line.room)}</td>
                {boot.me.sees_meters && <td class="n">{credits(line.rate_m)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </article>
  );
}

// --- running sessions ------------------------------------------------------------------------------------------------

function Sessions({ boot, feed, now }: BoardProps) {
  const running = sessionsInOrder(feed.rows.value);
  return (
    <article class="p sessions">
      <h2>
        {t("Running")}
        <span class="num">{tn("{n} chat", "{n} chats", running.length)}</span>
      </h2>
      {feed.known.value && running.length === 0 ? (
        <p class="nothing">{t("No chats are running.")}</p>
      ) : (
        <ul class="runs" tabIndex={0} aria-label={t("Running")}>
          {running.map((row) => (
            <Run key={row.id} row={row} boot={boot} now_ms={now.value} />
          ))}
        </ul>
      )}
    </article>
  );
}

function Run({ row, boot, now_ms }: { readonly row: Running; readonly boot: Boot; readonly now_ms: number }) {
  const since_s = row.since ? (now_ms - milliseconds(row.since)) / 1000 : 0;
  const meter = row.meter;
  return (
    <li>
      <Avatar name={row.agent?.name ?? "?"} id={row.agent?.id ?? row.id} staff />
      <b class="clip" dir="auto">
        {row.agent ? t("{agent} with {customer}", { agent: row.agent.name, customer: row.name }) : row.name}
      </b>
      <span class="t num" role="timer">
        {clock(meter ? boardElapsedSeconds(meter, now_ms) : since_s)}
      </span>
      <small class="clip">{[boot.departments[row.department], stateText(row)].filter(Boolean).join(" · ")}</small>
      <small class="num amount">
        {meter?.state === "paused" && <Icon of={pauseIcon} size="sm" />}
        {meter?.charged_m === undefined ? "" : credits(boardChargedM(meter, now_ms))}
      </small>
    </li>
  );
}

function stateText(row: Running): string {
  if (row.meter?.state === "grace") return t("credit used up");
  if (row.state === "waiting") {
    switch (row.reason) {
      case "customer_away":
        return t("customer away");
      case "agent_away":
        return t("staff away");
      case "payment":
        return t("adding credit");
      case "handover":
        return t("waits for a colleague");
      case "grace":
        return t("credit used up");
      default:
        return t("waiting");
    }
  }
  switch (row.meter?.state) {
    case "paused":
      return t("paused");
    case "free":
      return t("free time");
    case "ready":
      return t("not answered yet");
    default:
      return row.started_at ? "" : t("not answered yet");
  }
}

import type { ReadonlySignal } from "@preact/signals";

import { Announcer } from "../shared/announcer.tsx";
import type { BoardFeed } from "../shared/boardFeed.ts";
import { BELL, Icon } from "../shared/components/index.ts";
import { LanguageChoice } from "../shared/components/LanguageChoice.tsx";
import { dateLocale, t } from "../shared/i18n.ts";
import { offlineIcon } from "../shared/icons.ts";
import type { LiveSocket } from "../shared/socket.ts";

import { Chats, LongestWait, Rate, Waiting } from "./BigFigures.tsx";
import type { Boot } from "./boot.ts";
import { Departments } from "./Departments.tsx";
import { figuresOf } from "./figures.ts";
import { Sessions } from "./Sessions.tsx";
import { Staff } from "./Staff.tsx";
import { type Trend } from "./trend.ts";
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

function Head({ boot, socket, now, heard_at }: BoardProps) {
  const local = new Date(now.value - socket.clock.offset_ms);
  const lang = dateLocale();
  return (
    <header class="hd">
      <span class="mark">
        <Icon of={BELL} size="lg" />
      </span>
      <h1>{t("Counter live")}</h1>
      <Live socket={socket} now_ms={now.value} heard_at={heard_at.value} />
      <LanguageChoice bundle="board" url={boot.language_url} csrf={boot.csrf} />
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

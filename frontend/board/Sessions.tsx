/** What is running, with meters that tick by themselves. */
import { boardChargedM, boardElapsedSeconds } from "../shared/board.ts";
import { Avatar, Icon } from "../shared/components/index.ts";
import { clock, credits, t, tn } from "../shared/i18n.ts";
import { pauseIcon } from "../shared/icons.ts";
import { milliseconds } from "../shared/protocol.ts";

import type { BoardProps } from "./App.tsx";
import type { Boot } from "./boot.ts";
import { type Running, sessionsInOrder } from "./figures.ts";

export function Sessions({ boot, feed, now }: BoardProps) {
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
      <b class="clip">
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

/** Who is there, and what they could take. */
import { Avatar, Capacity, Presence } from "../shared/components/index.ts";
import { duration, t } from "../shared/i18n.ts";
import { milliseconds, type PresenceStatus } from "../shared/protocol.ts";
import { presenceText } from "../shared/words.ts";

import type { BoardProps } from "./App.tsx";
import type { Boot } from "./boot.ts";
import { type Colleague, countByStatus, staffInOrder } from "./figures.ts";

const STATUSES: readonly PresenceStatus[] = ["online", "busy", "away", "offline"];

export function Staff({ boot, feed, now }: BoardProps) {
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

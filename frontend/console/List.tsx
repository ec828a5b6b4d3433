import { sinceMs } from "../shared/board.ts";
import { Avatar, Notice } from "../shared/components/index.ts";
import { clock, t, tn } from "../shared/i18n.ts";
import { milliseconds } from "../shared/protocol.ts";
import { tick } from "../shared/tick.ts";

import { useConsole, useDesk } from "./context.ts";
import { MyChats } from "./MyChats.tsx";
import { Offers, Waiting } from "./Queue.tsx";
import { RefundRequests } from "./RefundRequests.tsx";

export function List() {
  const desk = useDesk();
  return (
    <section class="list" aria-label={t("Queue and chats")}>
      <div class="list-scroll">
        {desk.notices.value.map((notice) => (
          <div class="alerts" key={notice.text}>
            <Notice look={notice.kind === "breach" ? "danger" : "info"} role="status" onClose={() => desk.dismissNotice(notice)}>
              {notice.text}{" "}
              {notice.link && (
                <a class="link" href={notice.link}>
                  {t("Open")}
                </a>
              )}
            </Notice>
          </div>
        ))}
        <Offers />
        {desk.board.known.value ? (
          <>
            <Waiting />
            <MyChats />
            <RefundRequests />
            <Team />
          </>
        ) : (
          <Skeleton />
        )}
      </div>
    </section>
  );
}

// --- colleagues ------------------------------------------------------------------------------------------------------

function Team() {
  const { boot, desk } = useConsole();
  const now = desk.socket.clock.now(tick.value);
  const rows = Object.entries(desk.rows.value.sessions)
    .filter(([, row]) => row.agent && row.agent.id !== desk.me.id)
    .sort(([, one], [, other]) => sinceMs(one) - sinceMs(other));
  if (rows.length === 0) return null;
  return (
    <details class="team" open>
      <summary class="sec">
        <h2>{t("Team")}</h2>
        <span class="num">{tn("{n} chat", "{n} chats", rows.length)}</span>
      </summary>
      <ul class="items">
        {rows.map(([id, row]) => (
          <li key={id} class="it team-row">
            <Avatar name={row.agent?.name ?? ""} id={row.agent?.id ?? id} staff size="sm" />
            <span class="n">
              <span class="clip" dir="auto">
                {t("{agent} with {customer}", { agent: row.agent?.name ?? "", customer: row.name })}
              </span>
            </span>
            <span class="r">{row.since ? clock((now - milliseconds(row.since)) / 1000) : ""}</span>
            <span class="s clip">{boot.departments[row.department] ?? ""}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Skeleton() {
  return (
    <div class="late" role="status" aria-busy="true" aria-label={t("Loading")}>
      {[0, 1, 2, 3].map((row) => (
        <div class="sk-row" key={row}>
          <i class="sk" />
          <i class="sk w60" />
          <i class="sk w80" />
        </div>
      ))}
    </div>
  );
}

/** Customers who were not helped and ask for the credits of a chat back (M6), under the own chats. */
import { useEffect } from "preact/hooks";

import { creditsWithUnit, number, shortDate, t } from "../shared/i18n.ts";

import { useConsole, useDesk } from "./context.ts";
import { loadRequests, type RefundRequest, requests } from "./refunds.ts";
import { refunding } from "./screen.ts";

/** How long ago, at most, the list was asked for: what concerns colleagues' chats comes by no frame. */
const FRESH_MS = 120_000;

export function RefundRequests() {
  const desk = useDesk();
  const rated = desk.rated.value;
  useEffect(() => {
    void loadRequests();
    const again = setInterval(() => !document.hidden && void loadRequests(), FRESH_MS);
    return () => clearInterval(again);
  }, [rated]);
  const rows = requests.value ?? [];
  if (rows.length === 0) return null;
  return (
    <>
      <div class="sec">
        <h2>{t("Credits asked back")}</h2>
        <span class="count mute">{number(rows.length)}</span>
      </div>
      <ul class="items asks">
        {rows.map((row) => (
          <Row key={row.session} row={row} />
        ))}
      </ul>
    </>
  );
}

function Row({ row }: { readonly row: RefundRequest }) {
  const { boot } = useConsole();
  const name = row.customer?.name ?? t("The customer");
  const facts = [
    typeof row.charged_m === "number" ? creditsWithUnit(row.charged_m) : "",
    row.refund_asked_at ? t("asked {day}", { day: shortDate(row.refund_asked_at) }) : "",
    boot.departments[row.department] ?? "",
  ];
  return (
    <li class="it ask">
      <span class="n">
        <span class="clip" dir="auto">
          {name}
        </span>
      </span>
      <span class="s clip" dir="auto">
        {row.subject || t("No subject")}
      </span>
      <button type="button" class="btn sm" onClick={() => (refunding.value = row.session)}>
        {t("Answer")}
        <span class="sr"> {name}</span>
      </button>
      <span class="d clip">{facts.filter(Boolean).join(" · ")}</span>
    </li>
  );
}

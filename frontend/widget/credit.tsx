/** The cards that say that credit runs out, and that it has (M4). Each warning is read aloud once. */
import { useEffect, useRef, useState } from "preact/hooks";

import { Button, LinkButton } from "../shared/components/controls.tsx";
import { Icon } from "../shared/components/Icon.tsx";
import { announce } from "../shared/announcer.tsx";
import { clock, t, tn } from "../shared/i18n.ts";
import { alertIcon } from "../shared/icons.ts";
import type { MeterReading } from "../shared/meter.ts";
import type { Session } from "../shared/protocol.ts";
import { usePlace } from "./context.ts";
import { LimitAsk } from "./LimitAsk.tsx";

export function CreditCard({ reading, warning, session }: {
  readonly reading: MeterReading; readonly warning: number | undefined; readonly session: Session;
}) {
  const [dismissed, setDismissed] = useState<number | undefined>();
  const said = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (warning !== undefined && (said.current === undefined || warning < said.current)) announce(warningText(warning, reading), "urgent");
    said.current = warning;
  }, [warning]);
  if (reading.state === "grace") return <Empty reading={reading} session={session} />;
  if (warning === undefined || dismissed === warning) return null;
  const most = reading.stops_by === "most_to_spend";
  return (
    <div class="stack pad">
      <div class="inset caution">
        <div class="hd"><Icon of={alertIcon} />{warningText(Math.max(1, Math.floor((reading.left_s ?? 0) / 60)), reading)}</div>
        <div class="in">
          <p>{most && t("At the limit you set, the chat pauses. Tell {name} if you want to go on.", { name: session.agent?.name ?? "" })}
            {reading.stops_by === "limit" && t("At your spending limit of the month the meter stops. You can then ask your manager for more.")}
            {reading.stops_by !== "limit" && !most && t("Ask {name} to have credits added. At 0 the meter stops, and the chat ends a little later.", { name: session.agent?.name ?? "" })}</p>
          <div class="row end"><LinkButton onClick={() => setDismissed(warning)}>{t("Understood")}</LinkButton></div>
        </div>
      </div>
    </div>
  );
}

/** The grace after the last credit: nothing is charged, and it says how long. */
function Empty({ reading, session }: { readonly reading: MeterReading; readonly session: Session }) {
  const { visit } = usePlace();
  const most = reading.stops_by === "most_to_spend";
  const atLimit = reading.stops_by === "limit";
  const rest = (reading.available_m ?? 0) > 0 ? t("Your credit is too little to go on") : t("Your credit is used up");
  const title = most ? t("Your limit was reached") : atLimit ? t("You are at your spending limit") : rest;
  useEffect(() => announce(title, "urgent"), []);
  return (
    <div class="stack pad">
      <div class="inset">
        <div class="in">
          <h3>{title}</h3>
          <p>{most && t("The meter is off. Tell {name} if you want to go on.", { name: session.agent?.name ?? "" })}
            {atLimit && t("The meter is off. As soon as the limit is raised you go on with {name} where you were.", { name: session.agent?.name ?? "" })}
            {!most && !atLimit && t("The meter is off. As soon as credits are added you go on with {name} where you were.", { name: session.agent?.name ?? "" })}</p>
          {atLimit && <LimitAsk session={session} />}
          {reading.grace_left_s !== undefined && (
            <p class="num"><b>{t("This chat ends in {time}.", { time: clock(reading.grace_left_s) })}</b></p>
          )}
          <Button size="lg" block onClick={() => void visit.end(session.session)}>{t("End the chat now")}</Button>
        </div>
      </div>
    </div>
  );
}

function warningText(minutes: number, reading: MeterReading): string {
  return reading.stops_by !== "balance" && reading.stops_by
    ? tn("Your limit is reached in about {n} minute", "Your limit is reached in about {n} minutes", minutes)
    : tn("About {n} minute left", "About {n} minutes left", minutes);
}

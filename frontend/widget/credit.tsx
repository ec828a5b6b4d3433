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
import { TicketWay } from "./TicketWay.tsx";
import { ToppingUp, TopUpCard } from "./TopUpCard.tsx";

export function CreditCard({ reading, warning, session }: {
  readonly reading: MeterReading | undefined; readonly warning: number | undefined; readonly session: Session;
}) {
  const [dismissed, setDismissed] = useState<number | undefined>();
  const said = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (reading && warning !== undefined && (said.current === undefined || warning < said.current)) announce(warningText(warning, reading), "urgent");
    said.current = warning;
  }, [warning]);
  if (reading?.state === "grace") return <Empty reading={reading} session={session} />;
  if (!reading || warning === undefined || dismissed === warning) return <ToppingUp />;
  return <Low reading={reading} session={session} onClose={() => setDismissed(warning)} />;
}

/** There are some minutes left: the chat goes on meanwhile. */
function Low({ reading, session, onClose }: { readonly reading: MeterReading; readonly session: Session; readonly onClose: () => void }) {
  const name = session.agent?.name ?? "";
  const understood = <div class="row end"><LinkButton onClick={onClose}>{t("Understood")}</LinkButton></div>;
  const asked = <><p>{t("Ask {name} to have credits added. At 0 the meter stops, and the chat ends a little later.", { name })}</p>{understood}</>;
  return (
    <div class="stack pad">
      <div class="inset caution">
        <div class="hd"><Icon of={alertIcon} />{warningText(Math.max(1, Math.floor((reading.left_s ?? 0) / 60)), reading)}</div>
        <div class="in">
          {reading.stops_by === "most_to_spend" && <><p>{t("At the limit you set, the chat pauses. Tell {name} if you want to go on.", { name })}</p>{understood}</>}
          {reading.stops_by === "limit" && <><p>{t("At your spending limit of the month the meter stops. You can then ask your manager for more.")}</p>{understood}</>}
          {reading.stops_by !== "most_to_spend" && reading.stops_by !== "limit" && (
            <TopUpCard otherwise={asked} onLater={onClose}>
              <p>{t("Top up to keep talking to {name}. At 0 the meter stops, and the chat ends a little later.", { name })}</p>
            </TopUpCard>
          )}
        </div>
      </div>
    </div>
  );
}

/** The grace after the last credit: nothing is charged, and it says how long. */
function Empty({ reading, session }: { readonly reading: MeterReading; readonly session: Session }) {
  const { visit } = usePlace();
  const name = session.agent?.name ?? "";
  const rest = (reading.available_m ?? 0) > 0 ? t("Your credit is too little to go on") : t("Your credit is used up");
  const title = reading.stops_by === "most_to_spend" ? t("Your limit was reached") : reading.stops_by === "limit" ? t("You are at your spending limit") : rest;
  useEffect(() => announce(title, "urgent"), []);
  return (
    <div class="stack pad">
      <div class="inset">
        <div class="in">
          <h3>{title}</h3>
          <GoOn reading={reading} session={session} name={name} />
          {reading.grace_left_s !== undefined && (
            <p class="num"><b>{t("This chat ends in {time}.", { time: clock(reading.grace_left_s) })}</b></p>
          )}
          <TicketWay session={session} text={t("Make a ticket of this")} />
          <Button size="lg" block onClick={() => void visit.end(session.session)}>{t("End the chat now")}</Button>
        </div>
      </div>
    </div>
  );
}

/** What lets the meter run again. */
function GoOn({ reading, session, name }: { readonly reading: MeterReading; readonly session: Session; readonly name: string }) {
  if (reading.stops_by === "most_to_spend") return <p>{t("The meter is off. Tell {name} if you want to go on.", { name })}</p>;
  if (reading.stops_by === "limit") {
    return <><p>{t("The meter is off. As soon as the limit is raised you go on with {name} where you were.", { name })}</p><LimitAsk session={session} /></>;
  }
  return (
    <TopUpCard
      lacks_m={reading.price_m - (reading.available_m ?? 0)}
      otherwise={<p>{t("The meter is off. As soon as credits are added you go on with {name} where you were.", { name })}</p>}
    >
      <p>{t("The meter is off. Top up and you go on with {name} where you were.", { name })}</p>
    </TopUpCard>
  );
}

function warningText(minutes: number, reading: MeterReading): string {
  return reading.stops_by !== "balance" && reading.stops_by
    ? tn("Your limit is reached in about {n} minute", "Your limit is reached in about {n} minutes", minutes)
    : tn("About {n} minute left", "About {n} minutes left", minutes);
}

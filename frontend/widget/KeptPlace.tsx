/** Too little credit for the first block (C2): the words and the place in the queue are kept, and it is said what to do. */
import { clock, creditsWithUnit, t, timeOfDay } from "../shared/i18n.ts";
import { milliseconds, type Session } from "../shared/protocol.ts";
import { tick } from "../shared/tick.ts";
import { BigRing } from "./BigRing.tsx";
import { usePlace } from "./context.ts";
import { LimitAsk } from "./LimitAsk.tsx";
import { TicketWay } from "./TicketWay.tsx";
import { TopUpCard } from "./TopUpCard.tsx";

export function KeptPlace({ session }: { readonly session: Session }) {
  const { visit } = usePlace();
  const left_s = session.place_until ? (milliseconds(session.place_until) - visit.socket.clock.now(tick.value)) / 1000 : undefined;
  const customer = visit.account.customer.value;
  const department = visit.departments.find(session.department);
  const needed = department?.price ? department.price.price_m * Math.max(1, department.price.minimum_blocks) : session.price_m;
  if (session.short_of === "limit") return <KeptAtLimit session={session} left_s={left_s} needed={needed} />;
  return (
    <div class="stack pad">
      <BigRing
        left={left_s === undefined ? 100 : (100 * left_s) / 600} look="low" figure={left_s === undefined ? "" : clock(left_s)} small
        title={t("Not enough credit to start")}
        text={needed && customer?.available_m != null
          ? t("The first block costs {needed}; you have {available}.", { needed: creditsWithUnit(needed), available: creditsWithUnit(customer.available_m) })
          : t("The first block costs more than you have.")}
      />
      <div class="inset"><div class="in">
        <TopUpCard
          lacks_m={(needed ?? 0) - (customer?.available_m ?? 0)}
          otherwise={<><h3>{t("What you can do")}</h3><p>{customer?.organisation
            ? t("Ask your manager to have credits added. The chat goes on by itself as soon as they are there.")
            : t("Ask us to add credits, by phone or by e-mail. The chat goes on by itself as soon as they are there.")}</p></>}
        >
          <p>{t("Top up, and the chat goes on by itself.")}</p>
        </TopUpCard>
        <KeptUntil session={session} />
        <TicketWay session={session} text={t("Make a ticket instead")} />
      </div></div>
    </div>
  );
}

/** There are credits, and one's own share of them is used up (P4). */
function KeptAtLimit({ session, left_s, needed }: {
  readonly session: Session; readonly left_s: number | undefined; readonly needed: number | null | undefined;
}) {
  const { visit } = usePlace();
  const left_m = visit.account.customer.value?.limit_left_m;
  return (
    <div class="stack pad">
      <BigRing
        left={left_s === undefined ? 100 : (100 * left_s) / 600} look="low" figure={left_s === undefined ? "" : clock(left_s)} small
        title={t("You are at your spending limit")}
        text={needed && left_m != null
          ? t("The first block costs {needed}; you may spend {left} more this month.", { needed: creditsWithUnit(needed), left: creditsWithUnit(left_m) })
          : t("Your organisation has credits, but you have used what you may spend this month.")}
      />
      <div class="inset"><div class="in">
        <LimitAsk session={session} />
        <KeptUntil session={session} />
        <TicketWay session={session} text={t("Make a ticket instead")} />
      </div></div>
    </div>
  );
}

function KeptUntil({ session: { place_until } }: { readonly session: Session }) {
  return (
    <p>{place_until
      ? t("Your question and your place in the queue are kept until {time}.", { time: timeOfDay(place_until) })
      : t("Your question and your place in the queue are kept. Nothing is charged while you wait.")}</p>
  );
}

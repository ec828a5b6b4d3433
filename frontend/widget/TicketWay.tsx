/** The way out into a ticket (C2, M4, C12): what was typed and said goes along, and the price is told. */
import { LinkButton } from "../shared/components/controls.tsx";
import { creditsWithUnit } from "../shared/i18n.ts";
import type { Session } from "../shared/protocol.ts";
import { usePlace } from "./context.ts";
import { beyond } from "./lazy.tsx";
import { takesTicket } from "./tickets.ts";

export function TicketWay({ session, text, ends = true }: { readonly session: Session; readonly text: string; readonly ends?: boolean }) {
  const { visit } = usePlace();
  const department = visit.departments.find(session.department);
  if (!takesTicket(department, visit.account.customer.value)) return null;
  const price_m = department?.ticket?.price_m;
  const go = () => {
    void beyond.want();
    const unsent = visit.draft.textOf(session.session);
    visit.ticketing.value = { department: session.department, session: session.session, subject: session.subject ?? "", text: unsent, ends };
  };
  return <p><LinkButton onClick={go}>{text}</LinkButton>{price_m ? <> · {creditsWithUnit(price_m)}</> : null}</p>;
}

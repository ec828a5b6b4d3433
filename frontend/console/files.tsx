/** Files in the console (C8): staff come with a cookie, and each chat has a tray of its own for what is to be sent. */
import type { MessageParts } from "../shared/components/index.ts";
import { filesShown } from "../shared/components/chatFiles.tsx";
import { MESSAGE_PARTS } from "../shared/components/messageParts.tsx";
import { type Headers, Tray } from "../shared/chatFiles.ts";
import { t } from "../shared/i18n.ts";
import { ticketIcon } from "../shared/icons.ts";
import { Icon } from "../shared/components/index.ts";

const trays = new Map<string, Tray>();

export function headersOf(csrf: string): Headers {
  return () => Promise.resolve({ "X-CSRFToken": csrf });
}

export function trayOf(chat: string, csrf: string): Tray {
  const known = trays.get(chat) ?? new Tray(headersOf(csrf));
  trays.set(chat, known);
  return known;
}

/** What stands in a conversation besides words. */
export function partsOf(csrf: string, tickets_url: string | undefined): MessageParts {
  return {
    ...MESSAGE_PARTS,
    Files: filesShown(headersOf(csrf)),
    cardOf: (event) => event.type === "ticket" && <MadeTicket number={String(event["number"] ?? "")} url={tickets_url} />,
  };
}

/** The ticket that a chat became. */
function MadeTicket({ number, url }: { readonly number: string; readonly url: string | undefined }) {
  const text = t("Ticket {number}", { number });
  return (
    <div class="made-ticket">
      <Icon of={ticketIcon} />
      <div>
        <b>{url ? <a class="link" href={`${url}${number}/`} target="balie-tickets">{text}</a> : text}</b>
        <p>{t("Made of this chat")}</p>
      </div>
    </div>
  );
}

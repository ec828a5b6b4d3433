/** One action: this chat becomes a ticket, with what was said, its files and its customer, and goes on (C11). */
import { useState } from "preact/hooks";

import { Button, Field } from "../shared/components/index.ts";
import { t } from "../shared/i18n.ts";
import { ticketIcon } from "../shared/icons.ts";
import type { Session } from "../shared/protocol.ts";

import type { Chat } from "./chats.ts";
import { useConsole } from "./context.ts";
import { Drop } from "./popover.tsx";
import { menu } from "./screen.ts";

export function TicketMenu({ chat, session }: { readonly chat: Chat; readonly session: Session }) {
  return (
    <Drop name="ticket" label={session.ticket ? t("Another ticket") : t("Make a ticket")} icon={ticketIcon}>
      {() => <TicketPanel chat={chat} session={session} />}
    </Drop>
  );
}

function TicketPanel({ chat, session }: { readonly chat: Chat; readonly session: Session }) {
  const { boot, desk } = useConsole();
  const [department, setDepartment] = useState(session.department);
  const [subject, setSubject] = useState(session.subject ?? "");
  const [note, setNote] = useState("");
  const [email, setEmail] = useState("");
  const name = session.customer?.name ?? t("The customer");
  const guest = session.customer?.kind === "visitor";
  const make = async () => {
    if (!subject.trim()) return;
    const done = await desk.makeTicket(chat.id, {
      department, subject: subject.trim(), note: note.trim(), email: email.trim(), again: Boolean(session.ticket),
    });
    // Why not stands above the messages.
    if (done || desk.refusals.peek().has(chat.id)) menu.value = null;
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <Field label={t("Subject")} value={subject} onInput={setSubject} maxLength={200} autoFocus required dir="auto" />
      <label class="field">
        <span class="label">{t("Department")}</span>
        <select class="input" value={department} onChange={(event) => setDepartment(event.currentTarget.value)}>
          {Object.entries(boot.departments).map(([id, title]) => (
            <option key={id} value={id} selected={id === department}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <Field label={t("Note for colleagues")} value={note} onInput={setNote} rows={2} maxLength={2000} hint={t("Only staff see this")} />
      {guest && <Field label={t("E-mail of {name}", { name })} type="email" dir="ltr" value={email} onInput={setEmail} hint={t("Where the answer goes, if you know it.")} />}
      <p class="effect">{t("What was said and the files go along. {name} sees the number; the chat goes on.", { name })}</p>
      <div class="row-end">
        <Button look="quiet" onClick={() => (menu.value = null)}>
          {t("Cancel")}
        </Button>
        <Button type="submit" look="primary" disabled={!subject.trim()} busy={desk.asking.value.has(chat.id)}>
          {t("Make ticket")}
        </Button>
      </div>
    </form>
  );
}

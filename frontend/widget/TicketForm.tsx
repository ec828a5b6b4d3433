/** A ticket instead of a chat, or out of one: the price before anything is typed, and what was typed is there already. */
import { useEffect, useRef, useState } from "preact/hooks";

import { TrayList } from "../shared/components/chatFiles.tsx";
import { Attach } from "../shared/components/Composer.tsx";
import { Button, Field, LinkButton, Notice } from "../shared/components/controls.tsx";
import { Icon } from "../shared/components/Icon.tsx";
import { Problem } from "../shared/http.ts";
import { creditsWithUnit, dayAndTime, t } from "../shared/i18n.ts";
import { ticketIcon } from "../shared/icons.ts";
import { plainOf } from "../shared/linkify.ts";
import type { Customer } from "./account.ts";
import { usePlace } from "./context.ts";
import type { Department, TicketField } from "./departments.ts";
import { trayOf } from "./files.tsx";
import { Frame, Mark } from "./Frame.tsx";
import { Suggestions } from "./Suggestions.tsx";
import { htmlOf, sendTicket, takesTicket, type Wanted, wantsProof } from "./tickets.ts";
import type { Visit } from "./visit.ts";

const SUBJECT_MAX = 200;
const TEXT_MAX = 20_000;

export function TicketForm({ wanted, onSignIn }: { readonly wanted: Wanted; readonly onSignIn: () => void }) {
  const { visit } = usePlace();
  const [number, setNumber] = useState<string | null>(null);
  const department = visit.departments.find(wanted.department);
  const close = () => {
    visit.ticketing.value = null;
    const { ticket } = visit.draft.peek();
    if (ticket) visit.draft.set({ ticket: { ...ticket, open: false } });
  };
  if (number) return <Made number={number} onClose={close} />;
  if (!department) return null;
  return <Form wanted={wanted} department={department} onSignIn={onSignIn} onClose={close} onMade={setNumber} />;
}

interface FormProps {
  readonly wanted: Wanted;
  readonly department: Department;
  readonly onSignIn: () => void;
  readonly onClose: () => void;
  readonly onMade: (number: string) => void;
}

function Form({ wanted, department, onSignIn, onClose, onMade }: FormProps) {
  const { visit } = usePlace();
  const customer = visit.account.customer.value;
  const tray = trayOf(visit, "ticket");
  // Who is nobody yet has nowhere to keep files.
  const uploads = Boolean(customer || wanted.session);
  const addFiles = (files: readonly File[]) => void tray.add(files).catch(() => undefined);
  const before = useRef(visit.draft.ticketFor(wanted)).current;
  const attempt = useRef<Attempt>({ key: before?.key ?? crypto.randomUUID(), ...(before?.proof ? { proof: before.proof } : {}) });
  const [subject, setSubject] = useState(before?.subject ?? wanted.subject ?? plainOf(wanted.text ?? "", 120));
  const [text, setText] = useState((wanted.session && before?.text) || (wanted.text ?? ""));
  const [fields, setFields] = useState<Readonly<Record<string, string | boolean>>>(before?.fields ?? {});
  const [guest, setGuest] = useState(before?.guest ?? { name: "", email: "", again: "", phone: "" });
  // It survives a reload, as what was tried: the same again is the same ticket.
  const remember = () => visit.draft.set({ ticket: { wanted: { ...wanted, text }, open: true, subject, text, fields, guest, ...attempt.current } });
  useEffect(remember, [subject, text, fields, guest]);
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const price_m = department.ticket?.price_m ?? 0;
  const short = customer !== null && !customer.vip && price_m > Math.min(customer.available_m ?? 0, customer.limit_left_m ?? Infinity);
  const allowed = takesTicket(department, customer);
  const proof = useProof(!customer && allowed);
  const differs = guest.again.trim() !== "" && guest.email.trim() !== guest.again.trim();
  const lacks = {
    subject: !subject.trim(), text: !wanted.session && !text.trim() && tray.state !== "ready",
    email: !customer && !/.+@.+\..+/.test(guest.email.trim()), again: !customer && guest.email.trim() !== guest.again.trim(),
    phone: !customer && !guest.phone.trim(),
    fields: (department.ticket?.fields ?? []).filter((one) => one.required && !fields[one.key]).map((one) => one.key),
  };
  const keep = (value: string) => {
    setText(value);
    if (!wanted.session) visit.draft.set({ question: value });
  };
  const send = async () => {
    setChecked(true);
    if (lacks.subject || lacks.text || lacks.email || lacks.again || lacks.phone || lacks.fields.length || tray.state === "wait") return;
    setBusy(true);
    setProblem(null);
    const files = tray.list.peek().flatMap(({ file }) => file?.id ?? []);
    const made = {
      department: department.id, subject: subject.trim(), html: htmlOf(text) || (wanted.session ? "" : `<p>${t("See the files.")}</p>`), files, fields, channel: "chat" as const,
      ...(wanted.session ? { from_session: wanted.session } : {}), ...(department.ticket?.price_m === undefined ? {} : { price_m }),
      ...(customer ? {} : { name: guest.name.trim(), email: guest.email.trim(), phone: guest.phone.trim() }),
    };
    try {
      const number = await sendProven(visit, made, attempt.current, proof, remember);
      tray.take();
      visit.ticketMade(wanted);
      onMade(number);
    } catch (failure) {
      // What the hub refused is another request next time; what got lost on the way is the same one.
      if (failure instanceof Problem) attempt.current = { key: crypto.randomUUID() };
      remember();
      setProblem(failure instanceof Problem && failure.message ? failure.message : t("We cannot be reached at the moment."));
      if (failure instanceof Problem && typeof failure.details["price_m"] === "number") void visit.departments.load().catch(() => undefined);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Frame
      label={t("Make a ticket")} title={t("Make a ticket")} subtitle={department.name} face={<Mark of={ticketIcon} />} onFiles={uploads ? addFiles : undefined}
      foot={
        <>
          {allowed
            ? <Button look="primary" size="lg" block busy={busy} disabled={short || tray.state === "wait"} onClick={() => void send()}>{t("Send ticket")}</Button>
            : <Button look="primary" size="lg" block onClick={onSignIn}>{t("Sign in to make a ticket")}</Button>}
          <div class="row between"><LinkButton onClick={onClose}>{t("Back")}</LinkButton></div>
        </>
      }
    >
      <div class="w-b">
        <div class="ticket-form">
          {!department.open && department.opens_at && !wanted.session && <p class="lead"><span>{t("We are closed until {time}. Your ticket waits for us.", { time: dayAndTime(department.opens_at) })}</span></p>}
          <Price price_m={department.ticket?.price_m} customer={customer} short={short} allowed={allowed} />
          {problem && <Notice look="danger" role="alert" onClose={() => setProblem(null)}>{problem} {t("What you typed is kept.")}</Notice>}
          <Field label={t("Subject")} large value={subject} onInput={setSubject} maxLength={SUBJECT_MAX} dir="auto" error={checked && lacks.subject ? t("Please write something first.") : undefined} />
          {!wanted.session && <Suggestions typed={subject} onAvoided={onClose} />}
          <Field
            label={wanted.session ? t("What is still to be done? (optional)") : t("Your question")} large rows={4} maxLength={TEXT_MAX} value={text} onInput={keep}
            error={checked && lacks.text ? t("Please write something first.") : undefined}
            hint={wanted.session ? t("What was said in the chat and its files go along.") : undefined}
          />
          {(department.ticket?.fields ?? []).map((one) => (
            <Asked one={one} value={fields[one.key]} wrong={checked && lacks.fields.includes(one.key)} onChange={(value) => setFields({ ...fields, [one.key]: value })} />
          ))}
          {!customer && allowed && (
            <>
              <Field label={t("Your name")} large value={guest.name} onInput={(name) => setGuest({ ...guest, name })} maxLength={120} autocomplete="name" dir="auto" />
              <Field label={t("E-mail")} type="email" large dir="ltr" value={guest.email} onInput={(email) => setGuest({ ...guest, email })} maxLength={254} autocomplete="email" error={checked && lacks.email ? t("Give the address that we answer to.") : undefined} />
              <Field label={t("E-mail once more")} type="email" large dir="ltr" value={guest.again} onInput={(again) => setGuest({ ...guest, again })} maxLength={254} autocomplete="off" error={differs || (checked && lacks.again) ? t("The two addresses are not the same.") : undefined} />
              <Field label={t("Phone")} type="tel" large dir="ltr" value={guest.phone} onInput={(phone) => setGuest({ ...guest, phone })} maxLength={32} autocomplete="tel" error={checked && lacks.phone ? t("Give the number that we can call you at.") : undefined} />
            </>
          )}
          {uploads && <div class="attach"><Attach onFiles={addFiles} />{t("Attach files")}</div>}
          <TrayList tray={tray} />
        </div>
      </div>
    </Frame>
  );
}

/** Begun as soon as the form is there; about half a second, beside what somebody types. */
function useProof(needed: boolean): () => Promise<string> {
  const found = useRef<Promise<string> | undefined>(undefined);
  const begin = () => (found.current ??= import("../shared/proof.ts").then(({ prove }) => prove()));
  useEffect(() => {
    if (needed) void begin().catch(() => (found.current = undefined));
  }, [needed]);
  return () => {
    const proof = begin();
    found.current = undefined;
    return proof;
  };
}

type Made = Parameters<typeof sendTicket>[0];

/** The same again is the same request, with the same proof. */
interface Attempt {
  key: string;
  proof?: string;
}

/** With a proof where one is needed: of guests always, of others when the hub says so. */
async function sendProven(visit: Visit, made: Made, attempt: Attempt, proof: () => Promise<string>, remember: () => void): Promise<string> {
  const token = await visit.account.token();
  if (!visit.account.customer.peek()) attempt.proof ??= await proof();
  const sent = () => {
    remember();
    return sendTicket(attempt.proof ? { ...made, proof: attempt.proof } : made, attempt.key, token);
  };
  try {
    return await sent();
  } catch (failure) {
    if (!wantsProof(failure) || attempt.proof) throw failure;
    attempt.proof = await proof();
    attempt.key = crypto.randomUUID();
    return sent();
  }
}

/** What it costs, before anything is typed (T2). */
function Price({ price_m, customer, short, allowed }: {
  readonly price_m: number | undefined; readonly customer: Customer | null; readonly short: boolean; readonly allowed: boolean;
}) {
  if (price_m === undefined || customer?.vip) return null;
  if (price_m === 0) return allowed ? <p class="terms">{t("This ticket costs nothing.")}</p> : <p class="terms">{t("Here you need an account to make a ticket. What you typed is kept.")}</p>;
  const price = t("This ticket costs {price}.", { price: creditsWithUnit(price_m) });
  if (!customer) return <p class="terms">{price} {t("Sign in first; what you typed is kept.")}</p>;
  if (short) return <Notice look="caution"><b>{price}</b> {t("You have {available}, which is too little.", { available: creditsWithUnit(customer.available_m ?? 0) })}</Notice>;
  return <p class="terms">{price} {t("You have {available}.", { available: creditsWithUnit(customer.available_m ?? 0) })}</p>;
}

/** A question of the department (T10). */
function Asked({ one, value, wrong, onChange }: {
  readonly one: TicketField; readonly value: string | boolean | undefined; readonly wrong: boolean; readonly onChange: (value: string | boolean) => void;
}) {
  const error = wrong ? t("Please answer this.") : undefined;
  if (one.kind === "check") {
    return <label class="check"><input type="checkbox" checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />{one.label}</label>;
  }
  if (one.kind === "choice") {
    return (
      <label class={error ? "field wrong" : "field"}>
        <span class="label">{one.label}</span>
        <select class="input lg" value={String(value ?? "")} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{t("Please choose")}</option>
          {one.choices.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
        </select>
        {error && <span class="hint">{error}</span>}
      </label>
    );
  }
  const numeric = one.kind === "number" ? { inputMode: "decimal" as const } : {};
  const dated = one.kind === "date" ? { placeholder: "2026-12-31", dir: "ltr" as const } : {};
  return <Field label={one.label} large value={String(value ?? "")} onInput={onChange} {...(one.kind === "long" ? { rows: 3 } : {})} {...numeric} {...dated} error={error} />;
}

function Made({ number, onClose }: { readonly number: string; readonly onClose: () => void }) {
  const { visit } = usePlace();
  return (
    <Frame label={t("Ticket {number}", { number })} title={t("Ticket {number}", { number })} face={<Mark of={ticketIcon} />} foot={<Button look="primary" size="lg" block onClick={onClose}>{t("Close")}</Button>}>
      <div class="w-b">
        <Notice look="ok" role="status"><b>{t("Ticket {number} is made.", { number })}</b> {t("The answer comes by e-mail.")}</Notice>
        {visit.account.customer.value && <MadeTicket number={number} />}
      </div>
    </Frame>
  );
}

/** The ticket that a chat became, with the way to it for who can sign in. */
export function MadeTicket({ number }: { readonly number: string }) {
  const { visit, tickets_url } = usePlace();
  const text = t("Ticket {number}", { number });
  return (
    <div class="made-ticket">
      <Icon of={ticketIcon} />
      <div>
        <b>{tickets_url && visit.account.customer.value ? <a class="link" href={`${tickets_url}${number}/`} target="_blank" rel="noopener">{text}</a> : text}</b>
        <p>{t("We answer there, also when this chat is over.")}</p>
      </div>
    </div>
  );
}

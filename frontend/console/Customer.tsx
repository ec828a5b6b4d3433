import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Avatar, Button, Field, Icon, IconButton, LinkButton } from "../shared/components/index.ts";
import { credits, creditsWithUnit, duration, number, shortDate, t } from "../shared/i18n.ts";
import { closeIcon, starIcon } from "../shared/icons.ts";
import { type MeterReading, readMeter, secondsFor } from "../shared/meter.ts";
import type { Customer as CustomerView, Page, Session } from "../shared/protocol.ts";
import { tick } from "../shared/tick.ts";
import { shortPrice } from "../shared/words.ts";

import type { Chat } from "./chats.ts";
import { useConsole, useDesk } from "./context.ts";
import { addCredits, detailsOf, type Loaded, loadDetails, newKey, type PastChat, type WalletView } from "./history.ts";
import { Drop } from "./popover.tsx";
import { menu, panelOpen } from "./screen.ts";
import { problemText } from "./words.ts";

/** Who this is: the panel beside the chat, a drawer where the screen is narrow. */
export function CustomerPanel() {
  const desk = useDesk();
  const chat = desk.open.value;
  const open = panelOpen.value;
  const closer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const before = document.activeElement;
    closer.current?.querySelector("button")?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") panelOpen.value = false;
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
      if (before instanceof HTMLElement) before.focus();
    };
  }, [open]);
  return (
    <>
      {open && <div class="veil" onClick={() => (panelOpen.value = false)} />}
      <aside class={open ? "ctx open" : "ctx"} aria-label={t("Customer")}>
        <div class="shut" ref={closer}>
          <IconButton of={closeIcon} label={t("Close")} onClick={() => (panelOpen.value = false)} />
        </div>
        {chat?.session ? (
          <About chat={chat} session={chat.session} key={chat.id} />
        ) : (
          <p class="empty-line">{t("Who you talk with stands here.")}</p>
        )}
      </aside>
    </>
  );
}

function About({ chat, session }: { readonly chat: Chat; readonly session: Session }) {
  const customer = session.customer;
  const ended = session.state === "ended";
  useEffect(() => void loadDetails(chat.id), [chat.id, ended]);
  const loaded = detailsOf(chat.id);
  const page = session.page ?? (loaded?.state === "here" ? loaded.details.browser : null);
  return (
    <>
      <Who customer={customer} session={session} />
      {!customer?.vip && <Balance chat={chat} session={session} loaded={loaded} />}
      {customer?.organisation && (
        <Part title={t("Organisation")}>
          <p dir="auto">{customer.organisation}</p>
        </Part>
      )}
      <Computer customer={customer} />
      <Answers session={session} />
      {page && Object.values(page).some(Boolean) && <Visit page={page} />}
      <PastChats loaded={loaded} chat={chat} />
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** Rows of name and value; those without a value are left out. */
function Rows({ rows }: { readonly rows: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="kv">
      {rows
        .filter(([, value]) => Boolean(value))
        .map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
    </dl>
  );
}

function Who({ customer, session }: { readonly customer: CustomerView | null | undefined; readonly session: Session }) {
  const name = customer?.name ?? t("Customer");
  return (
    <section>
      <div class="who">
        <Avatar name={name} id={customer?.id ?? session.session} size="lg" />
        <div class="grow">
          <b dir="auto">{name}</b>
          <div class="soft">
            {customer?.login ? t("Customer {number}", { number: customer.login }) : t("Visitor, not signed in")}
          </div>
        </div>
        {customer?.vip && <span class="pill brand">{t("VIP")}</span>}
      </div>
      <Rows
        rows={[
          [t("Speaks"), languageName(customer?.language)],
          [t("E-mail"), customer?.email && <span class="ltr">{customer.email}</span>],
          [t("Phone"), customer?.mobile && <span class="ltr num">{customer.mobile}</span>],
        ]}
      />
      {customer?.vip && <p class="hint">{t("Works without credits: nothing is charged.")}</p>}
    </section>
  );
}

function languageName(code: string | undefined): string {
  if (!code) return "";
  try {
    return new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

// --- credits ---------------------------------------------------------------------------------------------------------

function Balance({
  chat,
  session,
  loaded,
}: {
  readonly chat: Chat;
  readonly session: Session;
  readonly loaded: Loaded | undefined;
}) {
  const { boot, desk } = useConsole();
  const meter = chat.conversation.meter.value;
  const reading = meter ? readMeter(meter, desk.socket.clock.now(tick.value), desk.lost_at.value) : undefined;
  const wallet = loaded?.state === "here" ? loaded.details.wallet : undefined;
  const wallet_id = wallet?.id ?? session.customer?.wallet;
  const available_m = session.state !== "ended" && reading?.available_m !== undefined ? reading.available_m : wallet?.available_m;
  if (available_m === undefined)
    return loaded?.state === "loading" ? (
      <Part title={t("Balance")}>
        <i class="sk w40 late" />
      </Part>
    ) : null;
  return (
    <Part title={t("Balance")}>
      <div class="balrow">
        <div>
          <b>{credits(available_m)}</b> <span class="soft">{t("credits")}</span>
          <div class="soft num">{lastsText(available_m, reading)}</div>
        </div>
        {wallet_id && boot.may_add_credits && (
          <Drop name="credits" label={t("Add credits")} small end>
            {() => <AddCredits wallet={wallet_id} available_m={available_m} reading={reading} chat={chat} />}
          </Drop>
        )}
      </div>
    </Part>
  );
}

function lastsText(available_m: number, reading: MeterReading | undefined): string {
  if (!reading || reading.price_m <= 0) return "";
  const lasts_s = secondsFor(available_m, { price_m: reading.price_m, block_s: reading.block_s, free_s: 0, minimum_blocks: 1 });
  return lasts_s === undefined ? "" : t("{time} at {price}", { time: duration(lasts_s), price: shortPrice(reading) });
}

const AMOUNTS = [10, 25, 50, 100] as const;

function AddCredits({
  wallet,
  available_m,
  reading,
  chat,
}: {
  readonly wallet: string;
  readonly available_m: number;
  readonly reading: MeterReading | undefined;
  readonly chat: Chat;
}) {
  const { boot } = useConsole();
  const [amount, setAmount] = useState("25");
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [key, setKey] = useState(newKey);
  const amount_m = millicredits(amount);
  const after_m = available_m + (amount_m ?? 0);
  const ready = amount_m !== undefined && amount_m > 0 && reason.trim() !== "";
  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    // Other contents are another transfer; the same form sent twice is the same.
    setKey(newKey());
  };
  const add = async () => {
    if (!ready) return;
    setBusy(true);
    setProblem("");
    try {
      await addCredits(wallet, amount_m, reason.trim(), key, boot.csrf);
      menu.value = null;
      await loadDetails(chat.id);
    } catch (why) {
      setProblem(problemText(why));
    } finally {
      setBusy(false);
    }
  };
  const lasts = reading && amount_m ? lastsText(after_m, reading) : "";
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <fieldset class="chips">
        <legend class="label">{t("How many credits?")}</legend>
        {AMOUNTS.map((n) => (
          <label key={n} class="chip">
            <input type="radio" name="amount" checked={amount === String(n)} onChange={() => change(setAmount)(String(n))} />
            {number(n)}
          </label>
        ))}
      </fieldset>
      <Field
        label={t("Other amount")}
        value={amount}
        onInput={change(setAmount)}
        inputMode="decimal"
        error={amount_m === undefined ? t("Write a number, with at most three decimals") : undefined}
      />
      <Field label={t("Reason")} value={reason} onInput={change(setReason)} maxLength={200} />
      <p class="effect">
        {t("The balance goes from {before} to {after} credits.", { before: credits(available_m), after: credits(after_m) })}{" "}
        {lasts}
      </p>
      {problem && (
        <p class="wrong" role="alert">
          {problem}
        </p>
      )}
      <div class="row-end">
        <Button look="quiet" onClick={() => (menu.value = null)}>
          {t("Cancel")}
        </Button>
        <Button type="submit" look="primary" disabled={!ready} busy={busy}>
          {amount_m ? t("Add {amount}", { amount: creditsWithUnit(amount_m) }) : t("Add credits")}
        </Button>
      </div>
    </form>
  );
}

/** Credits as typed, with a comma or a point; undefined for anything that is no positive amount of whole millicredits. */
export function millicredits(typed: string): number | undefined {
  const match = /^(\d{1,7})(?:[.,](\d{1,3}))?$/.exec(typed.trim());
  return match ? Number(match[1]) * 1000 + Number((match[2] ?? "").padEnd(3, "0")) : undefined;
}

// --- what else is known ----------------------------------------------------------------------------------------------

function Computer({ customer }: { readonly customer: CustomerView | null | undefined }) {
  const computer = customer?.computer;
  if (!computer?.brand && !computer?.model && !computer?.system) return null;
  const plain = (text: string | undefined) => text && <span dir="auto">{text}</span>;
  return (
    <Part title={t("Computer")}>
      <Rows
        rows={[
          [t("Brand"), plain(computer.brand)],
          [t("Model"), plain(computer.model)],
          [t("System"), plain(computer.system)],
        ]}
      />
    </Part>
  );
}

/** What was asked before the chat. */
function Answers({ session }: { readonly session: Session }) {
  const fields = Object.entries(session.fields ?? {}).filter(([, value]) => value !== null && value !== "");
  if (fields.length === 0) return null;
  return (
    <Part title={t("Asked before the chat")}>
      <Rows rows={fields.map(([name, value]) => [name, <span dir="auto">{String(value)}</span>])} />
    </Part>
  );
}

function Visit({ page }: { readonly page: Page }) {
  return (
    <Part title={t("Visit")}>
      <Rows
        rows={[
          [t("Page"), page.url && <PageLink url={page.url} title={page.title} />],
          [t("Came from"), page.referrer && <PageLink url={page.referrer} title={undefined} />],
          [t("Browser"), page.browser && <span class="ltr">{page.browser}</span>],
          [t("System"), page.system && <span class="ltr">{page.system}</span>],
          [t("Language"), languageName(page.language)],
        ]}
      />
    </Part>
  );
}

/** Only addresses of the web become links: the visitor's browser told them, and anybody can tell anything. */
function PageLink({ url, title }: { readonly url: string; readonly title: string | undefined }) {
  const text = title || url.replace(/^https?:\/\//, "");
  return /^https?:\/\//i.test(url) ? (
    <a class="link clip-2" href={url} target="_blank" rel="noopener noreferrer nofollow" dir="auto">
      {text}
    </a>
  ) : (
    <span dir="auto">{text}</span>
  );
}

function PastChats({ loaded, chat }: { readonly loaded: Loaded | undefined; readonly chat: Chat }) {
  if (!loaded) return null;
  if (loaded.state === "loading")
    return (
      <Part title={t("Past chats")}>
        <div class="late">
          <i class="sk w80" />
          <br />
          <i class="sk w60" />
        </div>
      </Part>
    );
  if (loaded.state === "failed") {
    return (
      <Part title={t("Past chats")}>
        <p>
          {problemText(loaded.why)} <LinkButton onClick={() => void loadDetails(chat.id)}>{t("Try again")}</LinkButton>
        </p>
      </Part>
    );
  }
  const past = (loaded.details.past ?? []).filter((one) => one.session !== chat.id);
  return (
    <Part title={t("Past chats")}>
      {past.length === 0 ? (
        <p class="muted">{t("This is the first one.")}</p>
      ) : (
        <ul class="tk">
          {past.map((one) => (
            <Past key={one.session} past={one} />
          ))}
        </ul>
      )}
    </Part>
  );
}

function Past({ past }: { readonly past: PastChat }) {
  const desk = useDesk();
  const agent = past.agent ? (past.agent.id === desk.me.id ? t("you") : past.agent.name) : "";
  const facts = [
    past.ended_at ? shortDate(past.ended_at) : "",
    typeof past.charged_m === "number" ? creditsWithUnit(past.charged_m) : "",
    agent,
  ];
  return (
    <li>
      <span class="clip" dir="auto">
        {past.subject || t("No subject")}
      </span>
      {past.rating ? (
        <span class="rate">
          <Icon of={starIcon} />
          <span class="sr">{t("rating")} </span>
          {number(past.rating)}
        </span>
      ) : (
        <span />
      )}
      <small class="num">{facts.filter(Boolean).join(" · ")}</small>
    </li>
  );
}

export type { WalletView };

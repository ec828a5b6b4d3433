import { useEffect, useRef } from "preact/hooks";

import { Avatar, Icon, IconButton, LinkButton } from "../shared/components/index.ts";
import { creditsWithUnit, number, shortDate, t } from "../shared/i18n.ts";
import { closeIcon, starIcon } from "../shared/icons.ts";
import type { Customer as CustomerView, Page, Session } from "../shared/protocol.ts";

import { Balance } from "./Balance.tsx";
import type { Chat } from "./chats.ts";
import { useConsole, useDesk } from "./context.ts";
import { detailsOf, type Loaded, loadDetails, type PastChat } from "./history.ts";
import { Part, Rows } from "./parts.tsx";
import { panelOpen } from "./screen.ts";
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
  // What can be given back is known when the bill is; a rating may ask for it (M6).
  const bill = session.summary?.charged_m;
  useEffect(() => void loadDetails(chat.id), [chat.id, ended, bill, session.solved]);
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

function Who({ customer, session }: { readonly customer: CustomerView | null | undefined; readonly session: Session }) {
  const { boot } = useConsole();
  const name = customer?.name ?? t("Customer");
  return (
    <section>
      <div class="who">
        <Avatar name={name} id={customer?.id ?? session.session} size="lg" />
        <div class="grow">
          <b dir="auto">{name}</b>
          <div class="soft">
            {customer?.login ? (
              <a class="link" href={`${boot.people_url}${customer.id}/`} target="balie-people">
                {t("Customer {number}", { number: customer.login })}
              </a>
            ) : (
              t("Visitor, not signed in")
            )}
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

/** What was asked before the chat, in the words and the order it was asked in; then what the site told, under its own names. */
function Answers({ session }: { readonly session: Session }) {
  const asked = useConsole().boot.questions?.[session.department] ?? {};
  const order = Object.keys(asked);
  const place = ([name]: readonly [string, unknown]) => (name in asked ? order.indexOf(name) : order.length);
  const given = Object.entries(session.fields ?? {}).filter(([, value]) => value !== null && value !== "");
  const fields = given.sort((one, other) => place(one) - place(other));
  if (fields.length === 0) return null;
  return (
    <Part title={t("Asked before the chat")}>
      <Rows rows={fields.map(([name, value]) => [asked[name] ?? name, <span dir="auto">{String(value)}</span>])} />
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

/** Topping up in a card of the chat: an amount, a way to pay, and how the payment stands (C2, M4). */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Button, Field, LinkButton, Notice } from "../shared/components/controls.tsx";
import { checkIcon } from "../shared/icons.ts";
import { creditsWithUnit, language, number, t } from "../shared/i18n.ts";
import { type Place, usePlace } from "./context.ts";
import { isPage } from "./payTab.ts";
import { type Money, type Package, type Purchase, type Shop, type Stage, type TopUp, topUpOf, type Way } from "./topUp.ts";

/** So many amounts fit beside each other; the others come with the other ways to pay. */
const SHOWN = 3;

function useTopUp(): TopUp {
  const place = usePlace();
  const topUp = topUpOf(place.visit, place);
  const customer = place.visit.account.customer.value?.id;
  useEffect(() => void topUp.load(), [customer, language()]);
  return topUp;
}

export interface TopUpCardProps {
  /** What the next block lacks: the first amount that is enough for it is marked. */
  readonly lacks_m?: number;
  /** Said while there is something to buy here. */
  readonly children?: ComponentChildren;
  /** Said where there is nothing to buy. */
  readonly otherwise: ComponentChildren;
  readonly onLater?: () => void;
}

/** The body of a card. Where no payments are set up, or others pay, nothing is offered. */
export function TopUpCard({ lacks_m = 0, children, otherwise, onLater }: TopUpCardProps) {
  const topUp = useTopUp();
  const stage = topUp.stage.value;
  const shop = topUp.shop.value;
  const box = useRef<HTMLDivElement>(null);
  const before = useRef(stage.kind);
  useEffect(() => {
    // The button that was pressed is gone; whoever uses the keyboard goes on here.
    if (before.current !== stage.kind && before.current !== "choosing" && document.activeElement === document.body) box.current?.focus();
    before.current = stage.kind;
  }, [stage.kind]);
  if (stage.kind === "paid") return <Added stage={stage} />;
  if (stage.kind === "paying") return <div class="top-up" ref={box} tabIndex={-1}><Paying topUp={topUp} stage={stage} /></div>;
  if (shop === undefined) return <div class="top-up" aria-busy="true"><i class="sk sk-line" /><i class="sk sk-card" /></div>;
  if (shop === null) return <>{otherwise}</>;
  return (
    <div class="top-up" ref={box} tabIndex={-1}>
      {children}
      <Choosing topUp={topUp} shop={shop} lacks_m={lacks_m} {...(onLater ? { onLater } : {})} />
    </div>
  );
}

/** A payment of this person goes on, or credits have just come in, whatever else stands on the screen. */
export function isToppingUp(place: Place): boolean {
  const { kind } = topUpOf(place.visit, place).stage.value;
  return kind === "paying" || kind === "paid";
}

/** That, where no card about credit is shown. */
export function ToppingUp() {
  const place = usePlace();
  if (!isToppingUp(place)) return null;
  const { stage } = topUpOf(place.visit, place);
  if (stage.value.kind === "paid") return <div class="stack pad"><Added stage={stage.value} /></div>;
  return <div class="stack pad"><div class="inset"><div class="in"><TopUpCard otherwise={null} /></div></div></div>;
}

function Choosing({ topUp, shop, lacks_m, onLater }: {
  readonly topUp: TopUp; readonly shop: Shop; readonly lacks_m: number; readonly onLater?: () => void;
}) {
  const { packages, ways } = shop;
  const enough = Math.max(0, packages.findIndex(({ credits }) => credits * 1000 >= lacks_m));
  const [credits, setCredits] = useState(packages[enough]!.credits);
  const [code, setCode] = useState(codeOf(ways[0]!));
  const [more, setMore] = useState(false);
  const amounts = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    // The list keeps its end in view; what opened is read from its beginning.
    if (more) amounts.current?.scrollIntoView({ block: "start" });
  }, [more]);
  const chosen = packages.find((one) => one.credits === credits) ?? packages[0]!;
  const way = ways.find((one) => codeOf(one) === code) ?? ways[0]!;
  const first = Math.max(0, Math.min(enough, packages.length - SHOWN));
  const shown = more ? packages : [...new Set([...packages.slice(first, first + SHOWN), chosen])].sort((one, other) => one.credits - other.credits);
  const problem = topUp.problem.value;
  return (
    <>
      {problem && <Notice look="caution" role="alert" onClose={() => (topUp.problem.value = "")}>{problem}</Notice>}
      <fieldset class="choice" ref={amounts}>
        <legend class="sr">{t("Credits to buy")}</legend>
        <div class="chips">{shown.map((one) => <Chip of={one} chosen={one === chosen} onChoose={() => setCredits(one.credits)} />)}</div>
      </fieldset>
      {more && <Ways ways={ways} chosen={way} onChoose={(one) => setCode(codeOf(one))} />}
      <Button look="primary" size="lg" block busy={topUp.stage.value.kind === "starting"} onClick={() => topUp.pay(chosen, way)}>
        {t("Pay {amount} with {method}", { amount: moneyText(chosen.amount), method: way.name })}
      </Button>
      {more && <Voucher topUp={topUp} />}
      <div class="row between">
        {more ? <span /> : <LinkButton onClick={() => setMore(true)}>{t("Other ways to pay")}</LinkButton>}
        {onLater && <LinkButton onClick={onLater}>{t("Not now")}</LinkButton>}
      </div>
    </>
  );
}

function Chip({ of: { credits, amount }, chosen, onChoose }: { readonly of: Package; readonly chosen: boolean; readonly onChoose: () => void }) {
  return (
    <label class={chosen ? "on" : ""}>
      <input class="sr" type="radio" name="package" checked={chosen} onChange={onChoose} aria-label={`${creditsWithUnit(credits * 1000)}, ${moneyText(amount)}`} />
      <b>{number(credits)}</b><small>{moneyText(amount)}</small>
    </label>
  );
}

function Ways({ ways, chosen, onChoose }: { readonly ways: readonly Way[]; readonly chosen: Way; readonly onChoose: (way: Way) => void }) {
  if (ways.length < 2) return null;
  return (
    <fieldset class="choice ways">
      <legend>{t("How do you want to pay?")}</legend>
      {ways.map((way) => (
        <label class={way === chosen ? "dep on" : "dep"}>
          <input type="radio" name="way" checked={way === chosen} onChange={() => onChoose(way)} /><bdi>{way.name}</bdi>
        </label>
      ))}
    </fieldset>
  );
}

function Voucher({ topUp }: { readonly topUp: TopUp }) {
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const redeem = (event: Event) => {
    event.preventDefault();
    if (busy || !code.trim()) return;
    setBusy(true);
    void topUp.redeem(code.trim()).finally(() => setBusy(false));
  };
  return (
    <form class="voucher" onSubmit={redeem} noValidate>
      <Field label={t("Voucher code")} large value={code} onInput={setCode} dir="ltr" autocomplete="off" maxLength={64} name="voucher" />
      <Button size="lg" type="submit" busy={busy} disabled={!code.trim()}>{t("Use the code")}</Button>
    </form>
  );
}

function Paying({ topUp, stage: { purchase, here } }: { readonly topUp: TopUp; readonly stage: Stage & { kind: "paying" } }) {
  const { redirect_url: url, status, amount } = purchase;
  const pending = status === "pending";
  return (
    <>
      <div role="status">
        <h3 class="waits"><span class="dots" aria-hidden="true"><i /><i /><i /></span>{t("Waiting for the payment of {amount}", { amount: moneyText(amount) })}</h3>
        <p>{pending ? t("The bank is still working on it. The chat goes on as soon as it is paid.")
          : here ? t("Your browser opened no new window. After paying you come back to this page, and the chat goes on.")
          : t("Pay in the window that has opened. The chat stays here and goes on by itself.")}</p>
      </div>
      <Instructions purchase={purchase} />
      {!pending && url && isPage(url) && (
        <a class={here ? "btn lg block primary" : "btn lg block"} href={url} target={here ? "_top" : "_blank"} rel="noopener">
          {here ? t("Go to the payment page") : t("Open the payment page again")}
        </a>
      )}
      <div><LinkButton onClick={() => topUp.again()}>{t("Choose something else")}</LinkButton></div>
    </>
  );
}

/** A payment by telephone: which number, and the code to give there. */
function Instructions({ purchase: { instructions } }: { readonly purchase: Purchase }) {
  if (!instructions?.number) return null;
  return (
    <dl class="sum">
      <dt>{t("Call")}</dt><dd><bdi dir="ltr">{instructions.number}</bdi></dd>
      {instructions.code && <><dt>{t("Code")}</dt><dd><bdi dir="ltr">{instructions.code}</bdi></dd></>}
    </dl>
  );
}

function Added({ stage: { credits_m } }: { readonly stage: Stage & { kind: "paid" } }) {
  return <Notice look="ok" icon={checkIcon} role="status"><b>{t("Added: {amount}", { amount: creditsWithUnit(credits_m) })}</b></Notice>;
}

function codeOf({ provider, method }: Way): string {
  return `${provider}:${method}`;
}

function moneyText({ value, currency }: Money): string {
  return new Intl.NumberFormat(language(), { style: "currency", currency }).format(value / 100);
}

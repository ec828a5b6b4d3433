/** Before the chat: what it costs, who is there and what one has, before anything is charged (C1). */
import { useEffect, useState } from "preact/hooks";

import { TEXT_MAX } from "../shared/components/Composer.tsx";
import { Button, Field, LinkButton, Notice } from "../shared/components/controls.tsx";
import { BELL } from "../shared/components/Icon.tsx";
import { Presence } from "../shared/components/people.tsx";
import { creditsWithUnit, dayAndTime, duration, exactDuration, language, t, tn } from "../shared/i18n.ts";
import { neededToStart, secondsFor } from "../shared/meter.ts";
import type { Price } from "../shared/protocol.ts";
import { priceText } from "../shared/words.ts";
import type { Customer } from "./account.ts";
import { usePlace } from "./context.ts";
import { canStart, type Department } from "./departments.ts";
import { parseCredits } from "./draft.ts";
import { Frame, Mark } from "./Frame.tsx";
import { LanguageMenu } from "./LanguageMenu.tsx";
import { beyond, Late, later, useLater } from "./lazy.tsx";
import { Skeleton } from "./Skeleton.tsx";
import { useQuestions } from "./useQuestions.ts";

/** Who is there changes; while somebody looks it is asked for so often, and more often while nobody is there to be chosen. */
const RELOAD_MS = 20_000;
const RELOAD_WHEN_EMPTY_MS = 5_000;

export interface StartProps {
  readonly onSignIn: () => void;
  /** It is on its way. */
  readonly signingIn: boolean;
}

export function Start({ onSignIn, signingIn }: StartProps) {
  const { visit, name } = usePlace();
  const { departments, draft, account } = visit;
  const [failed, setFailed] = useState(false);
  const shown = visit.isShown.value;
  const list = departments.list.value;
  const deserted = list !== null && !list.some(canStart);
  const load = () => departments.load().then(() => setFailed(false), () => setFailed(true));
  useEffect(() => {
    if (shown) void load();
  }, [shown, language()]);
  useEffect(() => {
    if (!shown) return;
    const timer = setInterval(load, deserted ? RELOAD_WHEN_EMPTY_MS : RELOAD_MS);
    return () => clearInterval(timer);
  }, [shown, deserted]);

  const customer = account.customer.value;
  const chosen = visit.department.value;
  const { checked, check } = useQuestions(chosen);
  // A limit of one's own (C1); few set one.
  const [mostAsked, setMostAsked] = useState(draft.peek().most !== "");
  // What is announced and asked comes later and stands in the form: it is waited for, so that nothing moves under a hand.
  const announced = departments.announcement.value !== null;
  const wanted = announced || Boolean(list?.some(({ questions }) => questions.length));
  const here = useLater(wanted);
  const typed = draft.value.question.trim().length > 3;
  const more = beyond.module.value;
  // Suggestions are a help: where they do not come, nobody is told.
  useEffect(() => {
    if (typed) void beyond.fetch();
  }, [typed]);
  if (list && wanted && !here && !later.missing.value) return <Skeleton />;
  if (!list) return failed ? <Unreachable onRetry={() => void departments.load().then(() => setFailed(false), () => undefined)} /> : <Skeleton />;
  const anybody = !deserted;
  const isMetered = (chosen?.price?.price_m ?? 0) > 0 && customer !== null && !customer.vip;
  const needsSignIn = !customer && (chosen?.price?.price_m ?? 0) > 0;
  return (
    <Frame
      label={t("Start a chat")} title={name} face={<Mark of={BELL} />} tools={<LanguageMenu />}
      subtitle={anybody ? t("Somebody is at the counter") : t("Nobody is at the counter now")} menu={({ accountItems }) => accountItems(visit, onSignIn)}
      foot={chosen && <StartFoot department={chosen} needsSignIn={needsSignIn} onSignIn={onSignIn} signingIn={signingIn} onStart={() => check() && visit.start()} />}
    >
      <div class="w-b">
        <div class="lead"><h2>{customer ? t("{name}, what can we help you with?", { name: customer.name.split(" ")[0]! }) : t("What can we help you with?")}</h2></div>
        {visit.startProblem.value && visit.startProblem.value.kind !== "sign_in" && <Late>{({ StartProblem }) => <StartProblem />}</Late>}
        {announced && here && <here.Announced />}
        {visit.recent.value && <Late>{({ LastChat }) => <LastChat />}</Late>}
        {list.length > 0 && (
          <fieldset class="deps">
            <legend class="sr">{t("Department")}</legend>
            {list.map((department) => <Choice department={department} chosen={department === chosen} />)}
          </fieldset>
        )}
        {chosen?.price && chosen.price.price_m > 0 && (
          <div class="row between">
            <Terms price={chosen.price} />
            {isMetered && !mostAsked && <LinkButton onClick={() => setMostAsked(true)}>{t("Set a most to spend")}</LinkButton>}
          </div>
        )}
        {chosen && here && <here.Questions questions={chosen.questions} checked={checked} />}
        <Field
          label={t("Your question")} large rows={2} maxLength={TEXT_MAX} value={draft.value.question} placeholder={t("What happens, on which device?")}
          onInput={(question) => draft.set({ question })}
        />
        {typed && more && <more.Suggestions typed={draft.value.question} onAvoided={() => draft.set({ question: "" })} />}
        {chosen && !chosen.open && <Late>{({ Closed }) => <Closed department={chosen} />}</Late>}
        {chosen?.open && chosen.online === 0 && <Late>{({ NobodyThere }) => <NobodyThere anybody={anybody} />}</Late>}
        {chosen?.price && isMetered && mostAsked && <Late>{({ MostToSpend }) => <MostToSpend price={chosen.price!} />}</Late>}
      </div>
    </Frame>
  );
}

function Choice({ department, chosen }: { readonly department: Department; readonly chosen: boolean }) {
  const { visit } = usePlace();
  const { price } = department;
  const text = price && price.price_m > 0 ? priceText(price) : null;
  return (
    <label class="dep">
      <input type="radio" name="department" checked={chosen} onChange={() => visit.draft.set({ department: department.id })} />
      <span><b>{department.name}</b><small><Availability department={department} /></small></span>
      {text && <span class="p">{text.amount}<small>{text.unit}</small></span>}
      {price && !text && <span class="p free">{t("Free")}</span>}
    </label>
  );
}

function Availability({ department }: { readonly department: Department }) {
  if (!department.open) return <><Presence status="offline" quiet />{department.opens_at ? t("Closed until {time}", { time: dayAndTime(department.opens_at) }) : t("Closed")}</>;
  if (department.online === 0) return <><Presence status="offline" quiet />{t("Nobody there now")}</>;
  if (department.wait_s && department.wait_s >= 60) {
    return <><Presence status="busy" quiet />{tn("About {n} minute wait", "About {n} minutes wait", Math.round(department.wait_s / 60))}</>;
  }
  return <><Presence status="online" quiet />{tn("{n} person is there", "{n} people are there", department.online)}</>;
}

/** Free time and rounding, in words. */
function Terms({ price }: { readonly price: Price }) {
  const block = exactDuration(price.block_s);
  return (
    <p class="terms">
      {price.free_s > 0 && <>{t("Free of charge: the first {time}.", { time: exactDuration(price.free_s) })} </>}
      {price.block_s === 60 ? t("Each minute that begins counts.") : t("Each block of {time} that begins counts.", { time: block })}
      {price.minimum_blocks > 1 && <> {t("At least {time} is charged.", { time: exactDuration(price.minimum_blocks * price.block_s) })}</>}
    </p>
  );
}

/** What one has, and how long that lasts (C1). */
function Balance({ customer, price }: { readonly customer: Customer; readonly price: Price }) {
  const available_m = customer.available_m ?? customer.balance_m ?? 0;
  const left_m = customer.limit_left_m ?? available_m;
  const mine_m = Math.min(available_m, left_m);
  const short = mine_m < neededToStart(price);
  return (
    <div class={short ? "bal short" : "bal"}>
      <span>{customer.organisation ? t("Balance of {name}", { name: customer.organisation.name }) : t("Your balance")}</span>
      <b>{creditsWithUnit(available_m)}</b>
      <span>{short ? t("The chat waits until there is more.") : t("Enough for")}</span>
      <span class="as-time">{short ? t("too little to start") : t("about {time}", { time: duration(secondsFor(mine_m, price) ?? 0) })}</span>
      {left_m < available_m && <span>{t("You may spend {left} of it this month.", { left: creditsWithUnit(left_m) })}</span>}
    </div>
  );
}

function StartFoot({ department, needsSignIn, onSignIn, signingIn, onStart }: StartProps & {
  readonly department: Department; readonly needsSignIn: boolean; readonly onStart: () => void;
}) {
  const { visit } = usePlace();
  const { most } = visit.draft.value;
  const starting = visit.starting.value;
  const unfit = !canStart(department) || (most !== "" && parseCredits(most) === undefined);
  const { price } = department;
  const metered = price !== null && price.price_m > 0;
  const customer = visit.account.customer.value;
  if (!canStart(department) && department.ticket) {
    return (
      <>
        <Button look="primary" size="lg" block onClick={() => visit.leaveMessage(department)}>{t("Leave a message")}</Button>
        <p class="hint">{t("It becomes a ticket, and we answer by e-mail. What you typed goes along.")}</p>
      </>
    );
  }
  if (needsSignIn) {
    return (
      <>
        <Button look="primary" size="lg" block busy={signingIn} onClick={onSignIn}>{t("Sign in to start")}</Button>
        <p class="hint">{t("This department is paid with credits. What you typed is kept.")}</p>
      </>
    );
  }
  return (
    <>
      {metered && customer && !customer.vip && <Balance customer={customer} price={price} />}
      <Button look="primary" size="lg" block busy={starting} disabled={unfit} onClick={onStart}>{starting ? t("Starting") : t("Start chat")}</Button>
      {price && <p class="hint">{metered ? t("By starting you agree to the price. The meter starts only when someone answers.") : t("This chat costs nothing.")}</p>}
    </>
  );
}

function Unreachable({ onRetry }: { readonly onRetry: () => void }) {
  const { name } = usePlace();
  return (
    <Frame label={t("Start a chat")} title={name} face={<Mark of={BELL} />} foot={<Button look="primary" size="lg" block onClick={onRetry}>{t("Try again")}</Button>}>
      <div class="w-b"><Notice look="danger" role="alert"><b>{t("We cannot be reached at the moment.")}</b> {t("Nothing is lost. Try again in a minute.")}</Notice></div>
    </Frame>
  );
}

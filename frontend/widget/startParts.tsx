/** What stands in the start form now and then. */
import { Field, LinkButton, Notice } from "../shared/components/controls.tsx";
import { dayAndTime, duration, t, timeOfDay } from "../shared/i18n.ts";
import { secondsFor } from "../shared/meter.ts";
import type { Price } from "../shared/protocol.ts";
import { shortPrice } from "../shared/words.ts";
import { usePlace } from "./context.ts";
import type { Department } from "./departments.ts";
import { parseCredits } from "./draft.ts";

export function MostToSpend({ price }: { readonly price: Price }) {
  const { visit } = usePlace();
  const { most } = visit.draft.value;
  const most_m = parseCredits(most);
  return (
    <Field
      label={t("Spend at most, in credits")} large inputMode="decimal" value={most} onInput={(value) => visit.draft.set({ most: value })} dir="ltr" autoFocus
      error={most !== "" && most_m === undefined ? t("Give a number, for instance 20.") : undefined}
      hint={most_m === undefined ? t("The chat pauses there.") : t("The chat pauses after about {time}.", { time: duration(secondsFor(most_m, price) ?? 0) })}
    />
  );
}

/** A chat that ended a short while ago can still be rated, and opened again. */
export function LastChat() {
  const { visit } = usePlace();
  const last = visit.recent.value?.session.value;
  if (!last?.ended_at || !last.started_at) return null;
  return (
    <div class="last">
      <span>{t("Your last chat ended at {time}.", { time: timeOfDay(last.ended_at) })}</span>
      <LinkButton onClick={() => visit.takeUp(last.session)}>{t("Show it")}</LinkButton>
    </div>
  );
}

/** Why the last start did not work, and what to do. */
export function StartProblem() {
  const { visit } = usePlace();
  const problem = visit.startProblem.value;
  if (!problem || problem.kind === "sign_in") return null;
  const close = () => (visit.startProblem.value = null);
  if (problem.kind === "text") return <Notice look="danger" role="alert" onClose={close}>{problem.text} {t("What you typed is kept.")}</Notice>;
  const price = shortPrice(problem.price);
  return (
    <Notice look="caution" role="alert" onClose={close}>
      <b>{t("The price has changed: it is {price} now.", { price })}</b> {t("Nothing was charged. Start again if you agree.")}
    </Notice>
  );
}

export function NobodyThere({ anybody }: { readonly anybody: boolean }) {
  return (
    <Notice look="caution" role="status">
      <b>{t("Nobody is there at the moment.")}</b>{" "}
      {anybody ? t("Choose another department, or stay here: you can start as soon as somebody comes.") : t("What you type is kept here. You can start as soon as somebody comes.")}
    </Notice>
  );
}

/** Outside office hours (C4): when it opens; what was typed waits for that. */
export function Closed({ department: { opens_at } }: { readonly department: Department }) {
  return (
    <Notice look="caution" role="status">
      <b>{opens_at ? t("We are closed until {time}.", { time: dayAndTime(opens_at) }) : t("We are closed at the moment.")}</b>{" "}
      {t("What you type is kept here until then.")}
    </Notice>
  );
}

/** After the chat: the bill first, then the question whether it helped (C12). Both can be skipped. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Button, Field, LinkButton, Notice } from "../shared/components/controls.tsx";
import { Icon } from "../shared/components/Icon.tsx";
import type { Conversation } from "../shared/conversations.ts";
import { clock, creditsWithUnit, t, timeOfDay } from "../shared/i18n.ts";
import { checkIcon, starIcon } from "../shared/icons.ts";
import { milliseconds, type Session, type Solved, type Summary } from "../shared/protocol.ts";
import { Refused } from "../shared/socket.ts";
import { tick } from "../shared/tick.ts";
import { endText, pauseText, priceText } from "../shared/words.ts";
import { usePlace } from "./context.ts";
import { Frame, Mark } from "./Frame.tsx";
import { chatItems } from "./menus.ts";
import { TicketWay } from "./TicketWay.tsx";
import { download } from "./transcript.ts";

const SCORES = [1, 2, 3, 4, 5] as const;

export function Ended({ conversation, session }: { readonly conversation: Conversation; readonly session: Session }) {
  const place = usePlace();
  const { visit, name } = place;
  const [problem, setProblem] = useState<string | null>(null);
  const [opinion, setOpinion] = useState<Opinion>({ score: 0, comment: "" });
  const [sent, setSent] = useState<"no" | "sending" | "yes">("no");
  const left_s = session.reopen_until ? (milliseconds(session.reopen_until) - visit.socket.clock.now(tick.value)) / 1000 : 0;
  const rated = Boolean(session.rating) || sent === "yes";
  const failed = (failure: unknown) => {
    setSent("no");
    setProblem(failure instanceof Refused ? failure.message : t("That did not work. Try again."));
  };
  const reopen = () => {
    setProblem(null);
    visit.reopen(session.session).catch(failed);
  };
  const rate = () => {
    setSent("sending");
    setProblem(null);
    visit.rate(session.session, { ...opinion, comment: opinion.comment.trim() || undefined }).then(() => setSent("yes"), failed);
  };
  const rating = opinion.score > 0 && !rated;
  const putAway = () => visit.putAway(session.session);
  return (
    <Frame
      label={t("Chat ended")} title={t("Chat ended")} face={<Mark of={checkIcon} />}
      subtitle={`${session.ended_at ? `${timeOfDay(session.ended_at)} · ` : ""}${endText(session.end_reason)}`}
      menu={() => chatItems(place, conversation, session)}
      foot={
        <>
          {rating
            ? <Button look="primary" size="lg" block busy={sent === "sending"} onClick={rate}>{t("Send rating")}</Button>
            : <Button look={rated ? "primary" : "plain"} size="lg" block onClick={putAway}>{t("New chat")}</Button>}
          <div class="row between">
            {rating ? <LinkButton onClick={putAway}>{t("New chat")}</LinkButton> : <LinkButton onClick={() => download(conversation, session, name)}>{t("Download the chat")}</LinkButton>}
            {left_s > 0 && session.started_at && <LinkButton onClick={reopen}>{t("Open it again ({time})", { time: clock(left_s) })}</LinkButton>}
          </div>
        </>
      }
    >
      <div class="w-b">
        {problem && <Notice look="danger" role="alert" onClose={() => setProblem(null)}>{problem}</Notice>}
        <Bill conversation={conversation} session={session} />
        {session.ticket
          ? <p class="lead"><span>{t("Ticket {number} goes on with this.", { number: session.ticket })}</span></p>
          : <TicketWay session={session} text={t("Not solved? Make a ticket of this chat")} ends={false} />}
        {session.started_at && (rated
          ? <Notice look="ok" icon={checkIcon} role="status">{t("Thank you for telling us.")}</Notice>
          : <Rate opinion={opinion} onChange={(change) => setOpinion({ ...opinion, ...change })} />)}
      </div>
    </Frame>
  );
}

/** What it cost, what was not charged, and why. A VIP sees the time alone. */
export function Bill({ conversation, session }: { readonly conversation: Conversation; readonly session: Session }) {
  const { visit } = usePlace();
  const { summary } = session;
  const customer = visit.account.customer.value;
  const paid = (session.price_m ?? 0) > 0 && !customer?.vip;
  if (!session.started_at) return <p class="lead"><span>{t("The chat had not begun. Nothing was charged.")}</span></p>;
  if (!summary) {
    if (conversation.meter.value && paid) return <div class="stack" aria-busy="true"><i class="sk sk-line" /><i class="sk sk-line" /><p class="hint">{t("The bill is being made up.")}</p></div>;
    return <dl class="sum">{session.agent && <Row label={t("Talked with")} value={session.agent.name} />}</dl>;
  }
  return (
    <dl class="sum">
      {session.agent && <Row label={t("Talked with")} value={session.agent.name} />}
      <Row label={t("Time")} value={clock(summary.elapsed_s || secondsOf(session))} />
      {paid && <NotCharged summary={summary} />}
      {paid && <Row label={t("Price")} value={priceWords(session)} />}
      {paid && <Row label={t("Used")} value={creditsWithUnit(summary.charged_m)} total />}
      {paid && <Balance summary={summary} />}
    </dl>
  );
}

/** What is left, asked for once the bill is there: what was known before it lacks this chat. */
function Balance({ summary: { charged_m, settled } }: { readonly summary: Summary }) {
  const { account } = usePlace().visit;
  const bill = `${charged_m} ${settled}`;
  const [of, setOf] = useState("");
  useEffect(() => {
    let still = true;
    account.refresh({ anew: true }).then(() => still && setOf(bill), () => undefined);
    return () => void (still = false);
  }, [bill]);
  const left_m = account.customer.value?.balance_m;
  return of === bill && left_m != null ? <Row label={t("Balance")} value={creditsWithUnit(left_m)} /> : null;
}

/** How long a chat without a meter took. */
function secondsOf({ started_at, ended_at }: Session): number {
  return started_at && ended_at ? (milliseconds(ended_at) - milliseconds(started_at)) / 1000 : 0;
}

function NotCharged({ summary }: { readonly summary: Summary }) {
  return (
    <>
      {summary.free_s > 0 && <Row label={t("Free of charge")} value={clock(summary.free_s)} />}
      {summary.paused.filter(({ seconds }) => seconds >= 1).map(({ reason, seconds }) => (
        <Row label={t("Not charged: {reason}", { reason: pauseText(reason) })} value={clock(seconds)} />
      ))}
    </>
  );
}

function Row({ label, value, total }: { readonly label: string; readonly value: string; readonly total?: boolean }) {
  return <><dt class={total ? "tot" : undefined}>{label}</dt><dd class={total ? "tot" : undefined}>{value}</dd></>;
}

function priceWords(session: Session): string {
  const { amount, unit } = priceText({ price_m: session.price_m ?? 0, block_s: session.block_s ?? 60 });
  return `${amount} ${unit}`;
}

interface Opinion {
  readonly score: number;
  readonly solved?: Solved | undefined;
  readonly comment: string;
}

function Rate({ opinion: { score, solved, comment }, onChange }: { readonly opinion: Opinion; readonly onChange: (change: Partial<Opinion>) => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The field for words comes below the stars, and may be out of sight.
    if (score > 0) box.current?.scrollIntoView({ block: "end" });
  }, [score > 0]);
  return (
    <div class="rate" ref={box}>
      <Choice legend={t("Is it solved?")} name="solved" class="segments" value={solved} onChoose={(value) => onChange({ solved: value })} choices={[
        { value: "yes", content: t("Yes") }, { value: "partly", content: t("Partly") }, { value: "no", content: t("No") },
      ]} />
      <Choice legend={t("How was it?")} name="score" class="stars" value={score || undefined} onChoose={(value) => onChange({ score: value })} choices={SCORES.map((value) => ({
        value, on: value <= score, label: t("{n} of {max}", { n: value, max: SCORES.length }), content: <Icon of={starIcon} />,
      }))} />
      {score > 0 && <Field label={t("What could be better? (optional)")} large rows={2} maxLength={2000} value={comment} onInput={(value) => onChange({ comment: value })} />}
    </div>
  );
}

interface ChoiceProps<Value> {
  readonly legend: string;
  readonly name: string;
  readonly class: string;
  readonly value: Value | undefined;
  readonly onChoose: (value: Value) => void;
  readonly choices: readonly { readonly value: Value; readonly content: ComponentChildren; readonly label?: string; readonly on?: boolean }[];
}

/** Radio buttons that look like something else: the keyboard and screen readers know them as what they are. */
function Choice<Value extends string | number>({ legend, name, class: look, value, onChoose, choices }: ChoiceProps<Value>) {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <div class={look}>
        {choices.map((choice) => (
          <label class={(choice.on ?? choice.value === value) ? "on" : ""}>
            <input class="sr" type="radio" name={name} checked={choice.value === value} aria-label={choice.label} onChange={() => onChoose(choice.value)} />
            {choice.content}
          </label>
        ))}
      </div>
    </fieldset>
  );
}


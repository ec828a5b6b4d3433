/** Giving credits of a chat back after it has ended (M6), in a dialog: what is above one's limit waits for a second person. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Button, Field } from "../shared/components/index.ts";
import { credits, creditsWithUnit, shortDate, t } from "../shared/i18n.ts";
import { undoIcon } from "../shared/icons.ts";

import { millicredits } from "./Balance.tsx";
import { useConsole } from "./context.ts";
import { detailsOf, loadDetails, newKey } from "./history.ts";
import { declineRequest, giveBack, isOutdated, type Reason, REASONS, type Room } from "./refunds.ts";
import { refunding } from "./screen.ts";
import { problemText, refundReasonText } from "./words.ts";

const TEXT_LENGTH_MAX = 200;

export function RefundButton({ session, small }: { readonly session: string; readonly small?: boolean }) {
  return (
    <Button size={small ? "sm" : "md"} icon={undoIcon} onClick={() => (refunding.value = session)}>
      {t("Give credits back")}
    </Button>
  );
}

/** The browser's own modal dialog: it keeps the focus in and gives it back. */
export function RefundSheet() {
  const dialog = useRef<HTMLDialogElement>(null);
  const session = refunding.value;
  useEffect(() => {
    if (session === null) dialog.current?.close();
    else {
      dialog.current?.showModal();
      void loadDetails(session);
    }
  }, [session]);
  return (
    <dialog ref={dialog} class="sheet refund" role="dialog" aria-labelledby="refund-title" onClose={() => (refunding.value = null)}>
      {session !== null && <Sheet key={session} session={session} />}
    </dialog>
  );
}

const close = () => (refunding.value = null);

function Sheet({ session }: { readonly session: string }) {
  const { boot } = useConsole();
  const [done, setDone] = useState("");
  const loaded = detailsOf(session);
  if (done) return <Said title={t("Give credits back")}>{done}</Said>;
  if (!loaded || loaded.state === "loading")
    return (
      <div class="late" role="status" aria-busy="true" aria-label={t("Loading")}>
        <h2 id="refund-title">{t("Give credits back")}</h2>
        <i class="sk w60" />
      </div>
    );
  if (loaded.state === "failed") return <Said title={t("Give credits back")}>{problemText(loaded.why)}</Said>;
  const { details } = loaded;
  const name = details.customer?.name ?? t("The customer");
  if (!details.refund) return <Said title={t("Give credits back")}>{t("Nothing is left of this chat to give back.")}</Said>;
  return (
    <>
      <h2 id="refund-title">{t("Give credits back to {name}", { name })}</h2>
      <p>
        {details.subject && (
          <>
            <span dir="auto">{details.subject}</span> ·{" "}
          </>
        )}
        {t("Of this chat {amount} can be given back.", { amount: creditsWithUnit(details.refund.left_m) })}{" "}
        <a class="link" href={`${boot.chats_url}${session}/`} target="balie-people">
          {t("Read the chat")}
        </a>
      </p>
      {details.refund_asked_at && (
        <p class="notice caution">
          {t("{name} asked for these credits back on {day}.", { name, day: shortDate(details.refund_asked_at) })}
        </p>
      )}
      {details.refund.waiting_m > 0 && (
        <p class="notice caution">
          {t("{amount} of it waits for a second person.", { amount: creditsWithUnit(details.refund.waiting_m) })}
        </p>
      )}
      <GiveForm session={session} name={name} room={details.refund} onDone={setDone} />
      {details.refund_asked_at && <DeclineForm session={session} name={name} onDone={setDone} />}
    </>
  );
}

/** What became of it, or why nothing can be done. */
function Said({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  const button = useRef<HTMLDivElement>(null);
  useEffect(() => button.current?.querySelector("button")?.focus(), []);
  return (
    <>
      <h2 id="refund-title">{title}</h2>
      <p role="status">{children}</p>
      <div class="row-end" ref={button}>
        <Button look="primary" onClick={close}>
          {t("Close")}
        </Button>
      </div>
    </>
  );
}

interface FormProps {
  readonly session: string;
  readonly name: string;
  readonly onDone: (text: string) => void;
}

function GiveForm({ session, name, room, onDone }: FormProps & { readonly room: Room }) {
  const { boot } = useConsole();
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const [reason, setReason] = useState<Reason>("not_solved");
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [key, setKey] = useState(newKey);
  const amount_m = typed === undefined ? room.left_m : millicredits(typed);
  const wrong = amountProblem(amount_m, room);
  const alone = room.alone_m === null || (amount_m ?? 0) <= room.alone_m;
  const needs_words = reason === "other" && text.trim() === "";
  const change = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      set(value);
      setKey(newKey()); // other contents are another refund
    };
  };
  const give = async () => {
    if (amount_m === undefined || wrong || needs_words) return;
    setBusy(true);
    setProblem("");
    try {
      const given = await giveBack({ session, amount_m, reason, text: text.trim(), key, csrf: boot.csrf }, alone);
      const amount = creditsWithUnit(amount_m);
      onDone(given ? t("{name} has {amount} back.", { name, amount }) : t("It waits for a second person. {name} does not have it yet.", { name }));
    } catch (why) {
      setProblem(problemText(why));
      if (isOutdated(why)) setKey(newKey());
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void give();
      }}
    >
      <fieldset class="chips">
        <legend class="label">{t("How many credits?")}</legend>
        <label class="chip">
          <input type="radio" name="back" checked={typed === undefined} onChange={() => change(setTyped)(undefined)} />
          {t("All ({amount})", { amount: credits(room.left_m) })}
        </label>
        <label class="chip">
          <input type="radio" name="back" checked={typed !== undefined} onChange={() => change(setTyped)("")} />
          {t("A part")}
        </label>
      </fieldset>
      {typed !== undefined && (
        <Field label={t("Credits")} value={typed} onInput={change(setTyped)} inputMode="decimal" dir="ltr" error={typed ? wrong : undefined} autoFocus />
      )}
      <fieldset class="chips">
        <legend class="label">{t("Reason")}</legend>
        {REASONS.map((one) => (
          <label key={one} class="chip">
            <input type="radio" name="why" checked={reason === one} onChange={() => change(setReason)(one)} />
            {refundReasonText(one)}
          </label>
        ))}
      </fieldset>
      {(reason === "other" || !alone) && (
        <Field label={t("In other words")} value={text} onInput={change(setText)} maxLength={TEXT_LENGTH_MAX} hint={t("Only staff read this.")} />
      )}
      <p class="effect">{effectText(amount_m, room, alone, name)}</p>
      {problem && (
        <p class="wrong" role="alert">
          {problem}
        </p>
      )}
      <div class="row-end">
        <Button look="quiet" onClick={close}>
          {t("Cancel")}
        </Button>
        <Button type="submit" look="primary" disabled={Boolean(wrong) || needs_words} busy={busy}>
          {alone ? t("Give {amount} back", { amount: creditsWithUnit(amount_m ?? 0) }) : t("Ask a second person")}
        </Button>
      </div>
    </form>
  );
}

function amountProblem(amount_m: number | undefined, room: Room): string | undefined {
  if (amount_m === undefined || amount_m <= 0) return t("Write a number, with at most three decimals");
  return amount_m > room.left_m ? t("Of this chat {amount} can be given back.", { amount: creditsWithUnit(room.left_m) }) : undefined;
}

function effectText(amount_m: number | undefined, room: Room, alone: boolean, name: string): string {
  if (!alone && room.alone_m !== null)
    return t("You may give {amount} back by yourself. More waits until a second person approves it.", {
      amount: creditsWithUnit(room.alone_m),
    });
  return t("{amount} go back to the wallet of {name}, at once.", { amount: creditsWithUnit(amount_m ?? 0), name });
}

function DeclineForm({ session, name, onDone }: FormProps) {
  const { boot } = useConsole();
  const [why, setWhy] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const decline = async () => {
    if (!why.trim()) return;
    setBusy(true);
    setProblem("");
    try {
      await declineRequest(session, why.trim(), boot.csrf);
      onDone(t("{name} is told that these credits are not given back.", { name }));
    } catch (problem) {
      setProblem(problemText(problem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <details class="decline">
      <summary class="link">{t("Do not give them back")}</summary>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void decline();
        }}
      >
        <Field label={t("Why not? {name} reads this.", { name })} value={why} onInput={setWhy} maxLength={500} rows={2} />
        {problem && (
          <p class="wrong" role="alert">
            {problem}
          </p>
        )}
        <div class="row-end">
          <Button type="submit" look="danger" disabled={!why.trim()} busy={busy}>
            {t("Decline")}
          </Button>
        </div>
      </form>
    </details>
  );
}

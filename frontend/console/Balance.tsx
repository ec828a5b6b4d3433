/** What the customer has, and adding to it with its effect shown before (L6). */
import { useState } from "preact/hooks";

import { Button, Field } from "../shared/components/index.ts";
import { credits, creditsWithUnit, duration, number, t } from "../shared/i18n.ts";
import { type MeterReading, readMeter, secondsFor } from "../shared/meter.ts";
import type { Session } from "../shared/protocol.ts";
import { tick } from "../shared/tick.ts";
import { shortPrice } from "../shared/words.ts";

import type { Chat } from "./chats.ts";
import { useConsole } from "./context.ts";
import { addCredits, type Loaded, loadDetails, newKey } from "./history.ts";
import { Part } from "./parts.tsx";
import { Drop } from "./popover.tsx";
import { menu } from "./screen.ts";
import { problemText } from "./words.ts";

export function Balance({
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
  return lasts_s === undefined || lasts_s < 1 ? shortPrice(reading) : t("{time} at {price}", { time: duration(lasts_s), price: shortPrice(reading) });
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

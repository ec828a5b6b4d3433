/** What an agent can do to a meter or a chat. Each shows its effect before it happens. */
import { useState } from "preact/hooks";

import { Button, Field } from "../shared/components/index.ts";
import { credits, creditsWithUnit, duration, t, tn } from "../shared/i18n.ts";
import { giftIcon, pauseIcon, stopIcon } from "../shared/icons.ts";
import { readMeter } from "../shared/meter.ts";
import { tick } from "../shared/tick.ts";

import type { Chat } from "./chats.ts";
import { useDesk } from "./context.ts";
import { Drop } from "./popover.tsx";
import { menu } from "./screen.ts";
import { PAUSE_REASONS, pauseReasonText } from "./words.ts";

export function PauseMenu({ chat, disabled }: { readonly chat: Chat; readonly disabled: boolean }) {
  return (
    <Drop name="pause" label={t("Pause meter")} icon={pauseIcon} keys="P" disabled={disabled}>
      {() => <PausePanel chat={chat} />}
    </Drop>
  );
}

function PausePanel({ chat }: { readonly chat: Chat }) {
  const desk = useDesk();
  const name = chat.session?.customer?.name ?? t("The customer");
  const pause = (reason: string) => {
    menu.value = null;
    void desk.pause(chat.id, reason);
  };
  return (
    <>
      <h2>{t("Why does the meter stop?")}</h2>
      {PAUSE_REASONS.map((reason, place) => (
        <button key={reason} type="button" class="opt" autofocus={place === 0} onClick={() => pause(reason)}>
          {pauseReasonText(reason)}
        </button>
      ))}
      <p class="hint">{t("{name} sees it too. The rest of a paid block is kept and used first.", { name })}</p>
    </>
  );
}

// --- free time -------------------------------------------------------------------------------------------------------

const MINUTES = [1, 2, 5, 10] as const;

export function FreeTimeMenu({ chat }: { readonly chat: Chat }) {
  return (
    <Drop name="free" label={t("Free time")} icon={giftIcon}>
      {() => <FreeTimePanel chat={chat} />}
    </Drop>
  );
}

/** Two ways of M8: time that will cost nothing, or credits that go back. */
function FreeTimePanel({ chat }: { readonly chat: Chat }) {
  const desk = useDesk();
  const [way, setWay] = useState<"minutes" | "back">("minutes");
  const [minutes, setMinutes] = useState<number>(2);
  const [blocks, setBlocks] = useState<number>(1);
  const [reason, setReason] = useState("");
  const meter = chat.conversation.meter.value;
  if (!meter) return null;
  const reading = readMeter(meter, desk.socket.clock.now(tick.value), desk.lost_at.value);
  const price_m = reading.price_m;
  const charged_m = reading.charged_m ?? 0;
  const charged_blocks = price_m > 0 ? Math.floor(charged_m / price_m) : 0;
  const back = Math.min(blocks, charged_blocks);
  const ready = reason.trim() !== "" && (way === "minutes" || back > 0);
  const give = async () => {
    if (!ready) return;
    const done =
      way === "minutes" ? await desk.grant(chat.id, minutes * 60, reason.trim()) : await desk.waive(chat.id, back, reason.trim());
    if (done || desk.refusals.peek().has(chat.id)) menu.value = null;
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void give();
      }}
    >
      <div class="chips" role="group" aria-label={t("Free time")}>
        <button type="button" class="chip" aria-pressed={way === "minutes"} autofocus onClick={() => setWay("minutes")}>
          {t("Minutes free of charge")}
        </button>
        {charged_blocks > 0 && (
          <button type="button" class="chip" aria-pressed={way === "back"} onClick={() => setWay("back")}>
            {t("Credits back")}
          </button>
        )}
      </div>
      {way === "minutes" ? (
        <Amounts legend={t("How long?")} of={MINUTES} chosen={minutes} choose={setMinutes} text={(n) => t("{n} min", { n })} />
      ) : (
        <Amounts
          legend={t("How many blocks?")}
          of={[...new Set([1, 2, charged_blocks])].filter((n) => n <= charged_blocks)}
          chosen={back}
          choose={setBlocks}
          text={(n) => blockText(n, charged_blocks, price_m)}
        />
      )}
      <Field label={t("Reason")} value={reason} onInput={setReason} maxLength={200} hint={t("Stays with the chat, for staff.")} />
      <p class="effect">
        {way === "minutes"
          ? minutesEffect(minutes, reading.state === "grace")
          : t("{amount}: what was charged last goes back first; what remains makes coming time free.", {
              amount: creditsWithUnit(back * price_m),
            })}
      </p>
      <div class="row-end">
        <Button look="quiet" onClick={() => (menu.value = null)}>
          {t("Cancel")}
        </Button>
        <Button type="submit" look="primary" disabled={!ready} busy={desk.asking.value.has(chat.id)}>
          {way === "minutes"
            ? tn("Give {n} minute", "Give {n} minutes", minutes)
            : t("Give {amount} back", { amount: creditsWithUnit(back * price_m) })}
        </Button>
      </div>
    </form>
  );
}

function minutesEffect(minutes: number, grace: boolean): string {
  const time = duration(minutes * 60);
  return grace
    ? t("The chat stays open for {time} more. Nothing is charged.", { time })
    : t("The next {time} cost nothing. Then the meter goes on as before.", { time });
}

function blockText(blocks: number, all: number, price_m: number): string {
  const amount = credits(blocks * price_m);
  return blocks === all
    ? t("All ({amount})", { amount })
    : tn("The last one ({amount})", "The last {n} ({amount})", blocks, { amount });
}

function Amounts({
  legend,
  of,
  chosen,
  choose,
  text,
}: {
  readonly legend: string;
  readonly of: readonly number[];
  readonly chosen: number;
  readonly choose: (n: number) => void;
  readonly text: (n: number) => string;
}) {
  return (
    <fieldset class="chips">
      <legend class="label">{legend}</legend>
      {of.map((n) => (
        <label key={n} class="chip">
          <input type="radio" name={legend} checked={chosen === n} onChange={() => choose(n)} />
          {text(n)}
        </label>
      ))}
    </fieldset>
  );
}

// --- end -------------------------------------------------------------------------------------------------------------

export function EndMenu({ chat, name }: { readonly chat: Chat; readonly name: string }) {
  const desk = useDesk();
  const again_s = desk.socket.welcome.value?.limits.reopen_window_s ?? 900;
  const end = () => {
    menu.value = null;
    void desk.end(chat.id);
  };
  return (
    <Drop name="end" label={t("End")} icon={stopIcon} keys="⇧X" look="danger" end>
      {() => (
        <div class="form">
          <h2>{t("End the chat with {name}?", { name })}</h2>
          <p class="soft">
            {t("The meter stops and {name} sees what it cost. For {time} it can be opened again.", { name, time: duration(again_s) })}
          </p>
          <div class="row-end">
            <Button look="quiet" onClick={() => (menu.value = null)}>
              {t("Keep chatting")}
            </Button>
            <button type="button" class="btn danger" autofocus onClick={end}>
              {t("End chat")}
            </button>
          </div>
        </div>
      )}
    </Drop>
  );
}

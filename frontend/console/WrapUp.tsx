import { useState } from "preact/hooks";

import { Button, Field } from "../shared/components/index.ts";
import { clock, creditsWithUnit, t } from "../shared/i18n.ts";
import { milliseconds, type Session } from "../shared/protocol.ts";
import { tick } from "../shared/tick.ts";

import type { Chat } from "./chats.ts";
import { useDesk } from "./context.ts";
import { hasRefund } from "./history.ts";
import { RefundButton } from "./Refund.tsx";
import { endedText, type Outcome, OUTCOMES, outcomeText } from "./words.ts";

const TAGS_MAX = 20;
const TAG_LENGTH_MAX = 40;

/** After the end: what came of it. Until it is done, or its time is over, routing counts me as busy (C12). */
export function WrapUp({ chat, session }: { readonly chat: Chat; readonly session: Session }) {
  const desk = useDesk();
  const [outcome, setOutcome] = useState<Outcome | undefined>(undefined);
  const [tags, setTags] = useState("");
  const [next, setNext] = useState("");
  const now = desk.socket.clock.now(tick.value);
  const name = session.customer?.name ?? t("The customer");
  const until_s = session.wrapup?.until ? (milliseconds(session.wrapup.until) - now) / 1000 : 0;
  const reopenable = session.reopen_until && milliseconds(session.reopen_until) > now;
  const busy = desk.asking.value.has(chat.id);
  const save = () => {
    if (outcome) void desk.wrapUp(chat.id, outcome, tagsOf(tags), next.trim());
  };
  return (
    <form
      class="wrapup appear"
      aria-labelledby="wrapup-title"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <h2 id="wrapup-title">{t("Wrap up")}</h2>
      <p class="soft">
        {endedText(session.end_reason, name)}.{" "}
        {until_s > 0 && t("No new chats come to you for {time}, or until you are done.", { time: clock(until_s) })}
      </p>
      <Bill session={session} />
      <div class="form">
        <fieldset class="chips">
          <legend class="label">{t("How did it end?")}</legend>
          {OUTCOMES.map((one) => (
            <label key={one} class="chip">
              <input type="radio" name="outcome" checked={outcome === one} onChange={() => setOutcome(one)} />
              {outcomeText(one)}
            </label>
          ))}
        </fieldset>
        <Field label={t("Tags")} value={tags} onInput={setTags} hint={t("Separate them by commas")} maxLength={400} />
        <Field label={t("Next step")} value={next} onInput={setNext} maxLength={200} />
        <div class="row-end">
          {hasRefund(chat.id) && <RefundButton session={chat.id} />}
          {reopenable && (
            <Button look="quiet" busy={busy} onClick={() => void desk.reopen(chat.id)}>
              {t("Open the chat again")}
            </Button>
          )}
          <Button type="submit" look="primary" disabled={!outcome} busy={busy}>
            {t("Save and close")}
          </Button>
        </div>
      </div>
    </form>
  );
}

function Bill({ session }: { readonly session: Session }) {
  const summary = session.summary;
  if (!summary) return null;
  const paused_s = summary.paused.reduce((sum, pause) => sum + pause.seconds, 0);
  return (
    <dl class="bill">
      <div>
        <dt>{t("Time")}</dt>
        <dd>{clock(summary.elapsed_s)}</dd>
      </div>
      {summary.free_s > 0 && (
        <div>
          <dt>{t("Free of charge")}</dt>
          <dd>{clock(summary.free_s)}</dd>
        </div>
      )}
      {paused_s > 0 && (
        <div>
          <dt>{t("Paused, not charged")}</dt>
          <dd>{clock(paused_s)}</dd>
        </div>
      )}
      <div>
        <dt>{t("Charged")}</dt>
        <dd>{creditsWithUnit(summary.charged_m)}</dd>
      </div>
    </dl>
  );
}

/** Words between commas, each once. */
export function tagsOf(text: string): readonly string[] {
  const tags = text
    .split(/[,،]/)
    .map((tag) => tag.trim().slice(0, TAG_LENGTH_MAX))
    .filter(Boolean);
  return [...new Set(tags)].slice(0, TAGS_MAX);
}

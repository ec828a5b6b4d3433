/** Who is offered to me, and who waits. */
import { ageOf } from "../shared/age.ts";
import type { Queued } from "../shared/board.ts";
import { waitedSeconds } from "../shared/board.ts";
import { Age, Button, Ring } from "../shared/components/index.ts";
import { clock, number, t } from "../shared/i18n.ts";
import { tick } from "../shared/tick.ts";

import { useConsole, useDesk } from "./context.ts";
import { openPane } from "./screen.ts";
import { refusalText } from "./words.ts";

/** How long an offer runs when the hub does not say; only the ring's full circle depends on it. */
const OFFER_S = 20;

export function Offers() {
  const desk = useDesk();
  const offers = [...desk.offers.value];
  if (offers.length === 0) return null;
  return (
    <>
      <div class="sec">
        <h2>{t("For you")}</h2>
        <span class="count">{number(offers.length)}</span>
      </div>
      <ul class="items">
        {offers.map(([id, until]) => (
          <Offer key={id} id={id} until_ms={until} />
        ))}
      </ul>
    </>
  );
}

function Offer({ id, until_ms }: { readonly id: string; readonly until_ms: number }) {
  const { boot, desk } = useConsole();
  const session = desk.talks.get(id).session.value;
  const row = desk.rows.value.queue[id];
  const left_s = Math.max(0, (until_ms - desk.socket.clock.now(tick.value)) / 1000);
  const name = session?.customer?.name ?? row?.name ?? t("A customer");
  const busy = desk.asking.value.has(id);
  const waited_s = row ? waitedSeconds(row, desk.socket.clock.now(tick.value)) : undefined;
  return (
    <li class="offer appear">
      <Ring left={(100 * left_s) / OFFER_S} look={left_s <= 5 ? "low" : "run"}>
        {number(Math.ceil(left_s))}
      </Ring>
      <span class="n">
        <span class="clip" dir="auto">
          {name}
        </span>
        {(session?.customer?.vip ?? row?.vip) && <span class="pill brand">{t("VIP")}</span>}
      </span>
      <span class="s" dir="auto">
        {session?.subject || row?.subject || t("New chat")}
        <span class="d">
          {[
            boot.departments[session?.department ?? row?.department ?? ""],
            waited_s === undefined ? "" : t("waits {time}", { time: clock(waited_s) }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      <span class="choose">
        <Button look="primary" busy={busy} onClick={() => void desk.accept(id).then((done) => done && openPane())}>
          {t("Accept")}
          <span class="sr"> {name}</span>
        </Button>
        <Button busy={busy} onClick={() => void desk.decline(id)}>
          {t("Decline")}
          <span class="sr"> {name}</span>
        </Button>
      </span>
    </li>
  );
}

export function Waiting() {
  const { boot, desk } = useConsole();
  const queue = desk.queue.value;
  const now = desk.socket.clock.now(tick.value);
  const longest_s = queue.reduce((most, row) => Math.max(most, waitedSeconds(row, now)), 0);
  // What was refused while its row has left the queue: "taken by" must still be read.
  const late = [...desk.refusals.value].filter(
    ([id]) => !queue.some((row) => row.id === id) && id !== "presence" && desk.chats.value.every((chat) => chat.id !== id),
  );
  return (
    <>
      <div class="sec">
        <h2>{t("Waiting")}</h2>
        <span class="count mute" role="status">
          {number(queue.length)}
        </span>
        {queue.length > 0 && (
          <Age seconds={longest_s} {...boot.queue_age}>
            {t("{time} longest", { time: clock(longest_s) })}
          </Age>
        )}
      </div>
      {queue.length === 0 && late.length === 0 && <p class="empty-line">{t("Nobody waits.")}</p>}
      <ul class="items queue">
        {queue.map((row, place) => (
          <WaitingRow key={row.id} row={row} first={place === 0} now_ms={now} />
        ))}
        {late.map(([id, refusal]) => (
          <li key={id} class="it wait">
            <span class="n">
              <span class="clip" dir="auto">
                {desk.talks.find(id)?.session.value?.customer?.name ?? t("A customer")}
              </span>
            </span>
            <span class="taken pill caution" role="status">
              {refusalText(refusal)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function WaitingRow({ row, first, now_ms }: { readonly row: Queued; readonly first: boolean; readonly now_ms: number }) {
  const { boot, desk } = useConsole();
  const waited_s = waitedSeconds(row, now_ms);
  const age = ageOf(waited_s, boot.queue_age);
  const refusal = desk.refusals.value.get(row.id);
  const hint = queuedHint(row);
  return (
    <li class={`it wait ${age}`}>
      <span class="n">
        <span class="clip" dir="auto">
          {row.name}
        </span>
        {row.vip && <span class="pill brand">{t("VIP")}</span>}
      </span>
      <Age seconds={waited_s} {...boot.queue_age}>
        {clock(waited_s)}
      </Age>
      <span class="s clip" dir="auto">
        {row.subject || t("No subject")}
      </span>
      {row.reason !== "payment" && (
        <Button
          size="sm"
          look={first ? "primary" : "plain"}
          busy={desk.asking.value.has(row.id)}
          onClick={() => void desk.pull(row.id).then((done) => done && openPane())}
        >
          {t("Take")}
          <span class="sr"> {row.name}</span>
        </Button>
      )}
      <span class="d clip">{[boot.departments[row.department], hint].filter(Boolean).join(" · ")}</span>
      {refusal && (
        <span class="taken pill caution" role="status">
          {refusalText(refusal)}
        </span>
      )}
    </li>
  );
}

function queuedHint(row: Queued): string {
  if (row.offered_to) return t("offered to {name}", { name: row.offered_to.name });
  return row.reason === "payment" ? t("is adding credit, place kept") : "";
}

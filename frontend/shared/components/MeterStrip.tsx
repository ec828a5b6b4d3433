import type { ComponentChildren } from "preact";

import { clock, credits, creditsWithUnit, duration, number, t } from "../i18n.ts";
import { pauseIcon } from "../icons.ts";
import { type MeterLook, type MeterReading, readMeter } from "../meter.ts";
import type { Meter } from "../protocol.ts";
import { tick } from "../tick.ts";
import { meterText, pauseText, shortPrice, spokenTime } from "../words.ts";
import { Icon } from "./Icon.tsx";

const RING_CLASS: Record<MeterLook, string> = {
  run: "", free: "ok", low: "low", paused: "paused", out: "out", ready: "paused", ended: "paused",
};
const STRIP_CLASS: Record<MeterLook, string> = {
  run: "", free: "", low: "low", paused: "paused", out: "out", ready: "paused", ended: "paused",
};

export interface RingProps {
  /** What is left, 0 to 100. */
  readonly left: number;
  readonly look?: MeterLook | "ok";
  readonly size?: "md" | "xl";
  readonly children?: ComponentChildren;
}

/** Sixty ticks like a watch: time that is paid for or promised. Never mirrored. */
export function Ring({ left, look = "run", size = "md", children }: RingProps) {
  const state = look === "ok" ? "ok" : RING_CLASS[look];
  return (
    <span class={["ring", state, size === "xl" ? "xl" : ""].filter(Boolean).join(" ")} aria-hidden="true">
      <svg viewBox="0 0 40 40">
        <circle class="ticks" cx="20" cy="20" r="18.6" pathLength={100} />
        <circle class="track" cx="20" cy="20" r="15.5" />
        {/* An attribute, not a style: the policy of the page refuses styles in markup, and this works everywhere. */}
        <circle class="sweep" cx="20" cy="20" r="15.5" pathLength={100} stroke-dasharray={`${Math.max(0, Math.min(100, left)).toFixed(1)} 100`} />
      </svg>
      {children !== undefined && <b>{children}</b>}
    </span>
  );
}

export interface MeterStripProps {
  readonly meter: Meter;
  /** The hub's time for a local time: `socket.clock.now`. */
  readonly serverNow: (local_ms: number) => number;
  /** The hub's time at which the line was lost, while it is. */
  readonly frozenAt?: number | undefined;
  /** After the figures. */
  readonly children?: ComponentChildren;
}

/** The strip under the header of a conversation: the same figures for both sides. */
export function MeterStrip({ meter, serverNow, frozenAt, children }: MeterStripProps) {
  const reading = readMeter(meter, serverNow(tick.value), frozenAt);
  return (
    <div class={["meter", STRIP_CLASS[reading.look]].filter(Boolean).join(" ")} role="timer" aria-label={spoken(reading)}>
      <Ring left={reading.left_percent} look={reading.look}>{ringFigure(reading)}</Ring>
      <dl>
        <Figure label={t("Time")} value={clock(reading.elapsed_s)} />
        {reading.price_m > 0 && reading.charged_m !== undefined && (
          <Figure label={t("Used, {price}", { price: shortPrice(reading) })} value={credits(reading.charged_m)} />
        )}
        <LastFigure reading={reading} />
      </dl>
      {children}
    </div>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: ComponentChildren }) {
  return <div><dt>{label}</dt><dd>{value}</dd></div>;
}

function LastFigure({ reading }: { readonly reading: MeterReading }) {
  if (reading.look === "paused" || reading.state === "ready" || reading.state === "free" || reading.available_m === undefined) {
    const icon = reading.look === "paused" && <Icon of={pauseIcon} size="sm" />;
    return <Figure label={t("Meter")} value={<>{icon} {reading.look === "paused" ? t("Paused") : meterText(reading.state)}</>} />;
  }
  const left = reading.left_s === undefined ? t("Credit") : t("{time} left", { time: minutesLeft(reading.left_s) });
  return <Figure label={left} value={creditsWithUnit(reading.available_m)} />;
}

/** Rounded down: nobody is told more time than there is. The last minute counts in seconds. */
function minutesLeft(left_s: number): string {
  return left_s > 0 && left_s < 60 ? t("{n} s", { n: Math.floor(left_s) }) : t("{n} min", { n: Math.floor(left_s / 60) });
}

function ringFigure(reading: MeterReading): string | undefined {
  if (reading.look === "paused" || reading.left_s === undefined) return undefined;
  const minutes = Math.floor(reading.left_s / 60);
  return minutes > 99 ? `${number(99)}+` : number(minutes);
}

function spoken(reading: MeterReading): string {
  const time = spokenTime(reading.elapsed_s);
  if (reading.look === "paused") return t("Meter: {time}. {why}", { time, why: reading.reason ? pauseText(reading.reason) : t("Paused") });
  if (reading.available_m === undefined) return t("Meter: {time}", { time });
  const left = reading.left_s === undefined ? "" : duration(reading.left_s);
  return t("Meter: {time}, {amount} credits left, {left}", { time, amount: credits(reading.available_m), left });
}

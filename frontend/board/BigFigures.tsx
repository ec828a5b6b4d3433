/** The big figures, read from six metres. */
import type { ComponentChildren } from "preact";

import { ageOf } from "../shared/age.ts";
import { Icon } from "../shared/components/index.ts";
import { clock, credits, number, t, tn } from "../shared/i18n.ts";
import { octagonIcon } from "../shared/icons.ts";

import type { Boot } from "./boot.ts";
import { type Figures } from "./figures.ts";
import { peakOf, pointsOf, type Trend } from "./trend.ts";

export function Waiting({ figures, known }: { readonly figures: Figures; readonly known: boolean }) {
  const { waiting_by_age } = figures;
  return (
    <article class="p">
      <h2>{t("Waiting now")}</h2>
      <div class="f">
        <Big known={known}>{number(figures.waiting)}</Big>
        {figures.waiting > 0 && <small>{tn("in {n} department", "in {n} departments", figures.waiting_departments)}</small>}
      </div>
      <div class="row ages">
        <span class="age overdue">
          <span class="sr">{t("overdue:")} </span>
          {number(waiting_by_age.overdue)}
        </span>
        <span class="age ageing">
          <span class="sr">{t("ageing:")} </span>
          {number(waiting_by_age.ageing)}
        </span>
        <span class="age fresh">
          <span class="sr">{t("fresh:")} </span>
          {number(waiting_by_age.fresh)}
        </span>
      </div>
    </article>
  );
}

function Big({ known, children }: { readonly known: boolean; readonly children: ComponentChildren }) {
  return known ? <span class="big">{children}</span> : <i class="sk big-sk late" />;
}

export function LongestWait({ figures, boot }: { readonly figures: Figures; readonly boot: Boot }) {
  const { longest } = figures;
  const age = longest ? ageOf(longest.seconds, boot.queue_age) : "fresh";
  const department = longest ? boot.departments[longest.department] : undefined;
  const promise = clock(boot.queue_age.overdue_s);
  return (
    <article class={age === "overdue" ? "p alarm" : "p"}>
      <h2>
        {age === "overdue" && <Icon of={octagonIcon} size="lg" />}
        {t("Longest wait")}
      </h2>
      <div class="f">
        <span class={longest ? "big" : "big word"}>{longest ? clock(longest.seconds) : t("none")}</span>
      </div>
      <small class="foot clip">
        {[
          age === "overdue" ? t("Over the {time} promise", { time: promise }) : t("Promise {time}", { time: promise }),
          department,
        ]
          .filter(Boolean)
          .join(" · ")}
      </small>
    </article>
  );
}

/** A wall can show so many segments; beyond, each stands for more than one seat. */
const SEGMENTS_MAX = 40;

export function Chats({ figures, known }: { readonly figures: Figures; readonly known: boolean }) {
  const seats = figures.running + figures.room;
  const segments = Math.min(seats, SEGMENTS_MAX);
  const on = seats === 0 ? 0 : Math.round((segments * figures.running) / seats);
  return (
    <article class="p">
      <h2>
        {t("Chats running")}
        <span class="num">{t("room for {n} more", { n: figures.room })}</span>
      </h2>
      <div class="f">
        <Big known={known}>{number(figures.running)}</Big>
        <small>{t("of {n}", { n: seats })}</small>
      </div>
      <div class="seg" aria-hidden="true">
        {Array.from({ length: segments }, (_, place) => (
          <i key={place} class={place < on ? "on" : ""} />
        ))}
      </div>
    </article>
  );
}

const WIDTH = 600;
const HEIGHT = 110;

export function Rate({ figures, trend, now_ms }: { readonly figures: Figures; readonly trend: Trend; readonly now_ms: number }) {
  const points = pointsOf(trend, figures.rate_m, now_ms, WIDTH, HEIGHT);
  const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  const [first] = points;
  const last = points.at(-1);
  const peak = credits(peakOf(trend));
  return (
    <article class="p">
      <h2>
        {t("Credits per minute")}
        <span class="num">{t("last 60 min, peak {amount}", { amount: peak })}</span>
      </h2>
      <div class="spark">
        <div class="f">
          <span class="big">{credits(figures.rate_m)}</span>
        </div>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t("Credits per minute while this board was open, at most {amount}", { amount: peak })}
        >
          <g class="gr">
            <path d={`M0 ${HEIGHT}H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 0H${WIDTH}`} />
          </g>
          {first && last && (
            <polygon class="area" points={`${first[0].toFixed(1)},${HEIGHT} ${path} ${last[0].toFixed(1)},${HEIGHT}`} />
          )}
          <polyline class="ln" points={path} />
        </svg>
      </div>
    </article>
  );
}

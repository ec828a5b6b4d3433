/** What the credits per minute were while the board was open. Nothing is stored: a board that opens begins anew. */
export interface Trend {
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly at_ms: number;
  readonly rate_m: number;
}

export const NO_TREND: Trend = { samples: [] };
export const TREND_MS = 60 * 60_000;
/** 120 samples an hour: finer than a wall can show. */
export const SAMPLE_MS = 30_000;

/** Adds what is now, at most once per interval; an interval keeps its highest. */
export function addSample(trend: Trend, at_ms: number, rate_m: number): Trend {
  const samples = trend.samples.filter((sample) => at_ms - sample.at_ms <= TREND_MS);
  const last = samples.at(-1);
  if (last && at_ms - last.at_ms < SAMPLE_MS) {
    if (rate_m <= last.rate_m && samples.length === trend.samples.length) return trend;
    return { samples: [...samples.slice(0, -1), { at_ms: last.at_ms, rate_m: Math.max(rate_m, last.rate_m) }] };
  }
  return { samples: [...samples, { at_ms, rate_m }] };
}

export function peakOf(trend: Trend): number {
  return trend.samples.reduce((peak, sample) => Math.max(peak, sample.rate_m), 0);
}

/** Air above the highest point. */
const HEADROOM = 1.15;

/** Points of a line in a box of `width` × `height` that ends in what is now; time runs left to right in every language. */
export function pointsOf(
  trend: Trend,
  rate_now_m: number,
  now_ms: number,
  width: number,
  height: number,
): readonly (readonly [number, number])[] {
  const top_m = Math.max(1, peakOf(trend), rate_now_m) * HEADROOM;
  const samples = [...trend.samples, { at_ms: now_ms, rate_m: rate_now_m }];
  return samples.map(({ at_ms, rate_m }) => [
    Math.max(0, width * (1 - (now_ms - at_ms) / TREND_MS)),
    height * (1 - rate_m / top_m),
  ]);
}

/**
 * When to try again after a lost line: full jitter (each wait is drawn between nothing and a ceiling that doubles).
 *
 * The first ceiling spreads a crowd that lost the same server: 2,000 widgets over 4 s are 500 handshakes a second, about what
 * one process takes. The last ceiling keeps everybody back within 60 s of a server that returns (backoff.test.ts counts).
 */
export interface Spread {
  readonly first_ms: number;
  readonly last_ms: number;
}

export const VISITOR_SPREAD: Spread = { first_ms: 4_000, last_ms: 16_000 };
/** Staff are few and are waited for: a meter stops when they are gone for 15 s. */
export const STAFF_SPREAD: Spread = { first_ms: 1_000, last_ms: 8_000 };

export function waitBeforeAttempt(attempt: number, spread: Spread, random: () => number = Math.random): number {
  const ceiling_ms = Math.min(spread.last_ms, spread.first_ms * 2 ** Math.min(attempt, 16));
  return Math.round(random() * ceiling_ms);
}

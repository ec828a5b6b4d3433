import { expect, test } from "vitest";

import { VISITOR_SPREAD, waitBeforeAttempt } from "../backoff.ts";

/** A steady source of numbers, so that the test says the same every time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** When each client is back, in milliseconds after the loss. The hub is away at first, and then takes so many handshakes a second. */
function storm(clients: number, away_ms: number, per_second: number): readonly number[] {
  const random = dice(20_261_121);
  const queue = Array.from({ length: clients }, () => ({ attempt: 0, at: waitBeforeAttempt(0, VISITOR_SPREAD, random) }));
  const taken = new Map<number, number>();
  const back: number[] = [];
  while (queue.length) {
    queue.sort((one, other) => other.at - one.at);
    const client = queue.pop()!;
    const second = Math.floor(client.at / 1000);
    const room = client.at >= away_ms && (taken.get(second) ?? 0) < per_second;
    if (room) {
      taken.set(second, (taken.get(second) ?? 0) + 1);
      back.push(client.at);
    } else {
      client.attempt += 1;
      client.at += 50 + waitBeforeAttempt(client.attempt, VISITOR_SPREAD, random);
      queue.push(client);
    }
  }
  return back;
}

test("2,000 clients that lost their server at once are all back within 60 s, at a hub that takes 400 handshakes a second", () => {
  const back = storm(2_000, 0, 400);
  expect(back).toHaveLength(2_000);
  expect(Math.max(...back)).toBeLessThan(60_000);
});

test("so they are when the hub was away for five seconds, and takes half as many", () => {
  expect(Math.max(...storm(2_000, 5_000, 200))).toBeLessThan(60_000);
});

test("no second sees more than the first spread allows", () => {
  const random = dice(1);
  const seconds = new Map<number, number>();
  for (let n = 0; n < 2_000; n++) {
    const second = Math.floor(waitBeforeAttempt(0, VISITOR_SPREAD, random) / 1000);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
  }
  expect(Math.max(...seconds.values())).toBeLessThan(650);
});

test("the wait never passes its ceiling, however often it failed", () => {
  for (const attempt of [0, 1, 5, 50, 5_000]) {
    expect(waitBeforeAttempt(attempt, VISITOR_SPREAD, () => 0.999_999)).toBeLessThanOrEqual(VISITOR_SPREAD.last_ms);
  }
});

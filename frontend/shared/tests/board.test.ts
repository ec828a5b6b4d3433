import { describe, expect, it } from "vitest";

import { ageOf } from "../age.ts";
import {
  applyBoard,
  blindTopics,
  boardChargedM,
  boardElapsedSeconds,
  joinTopics,
  queueInOrder,
  ratePerMinuteM,
  type Topics,
} from "../board.ts";
import type { Board, BoardMeter, BoardQueued, BoardSession } from "../protocol.ts";

const waiting = (name: string, since: string, more: Partial<BoardQueued> = {}): BoardQueued => ({
  department: "1",
  name,
  state: "queued",
  since,
  ...more,
});
const board = (rev: number, rest: Partial<Board>): Board => ({ type: "board", topic: "1", rev, ...rest });
const whole = board(7, { full: true, queue: { a: waiting("Ann", "2026-11-21T12:00:00Z") } });

describe("D2: the board follows differences", () => {
  it("takes a difference that follows and drops one that it has", () => {
    let step = applyBoard({}, whole);
    step = applyBoard(step.topics, board(8, { queue: { b: waiting("Ben", "2026-11-21T12:01:00Z"), a: null } }));
    expect(Object.keys(step.topics["1"]!.queue)).toEqual(["b"]);
    step = applyBoard(step.topics, board(8, { queue: { b: null } }));
    expect(Object.keys(step.topics["1"]!.queue)).toEqual(["b"]);
    expect(step.missed).toBe(false);
  });

  it("asks once for the whole topic after a gap, keeps what it shows and takes nothing until then", () => {
    const first = applyBoard({}, whole);
    const gap = applyBoard(first.topics, board(9, { queue: { a: null } }));
    expect(gap.missed).toBe(true);
    expect(gap.topics["1"]!.queue["a"]?.name).toBe("Ann");
    const more = applyBoard(gap.topics, board(10, { queue: { a: null } }));
    expect(more.missed).toBe(false);
    expect(more.topics["1"]!.queue["a"]?.name).toBe("Ann");
    const healed = applyBoard(more.topics, board(10, { full: true, queue: {} }));
    expect(healed.topics["1"]).toMatchObject({ rev: 10, queue: {} });
  });

  it("differences applied to an old board give the same as a fresh one", () => {
    const steps = [whole, board(8, { queue: { b: waiting("Ben", "2026-11-21T12:01:00Z") } }), board(9, { queue: { a: null } })];
    const followed = steps.reduce<Topics>((topics, frame) => applyBoard(topics, frame).topics, {});
    const fresh = applyBoard({}, board(9, { full: true, queue: { b: waiting("Ben", "2026-11-21T12:01:00Z") } })).topics;
    expect(followed).toEqual(fresh);
  });

  it("is blind on a new line until topics come whole", () => {
    const topics = blindTopics(applyBoard({}, whole).topics);
    expect(applyBoard(topics, board(8, { queue: { a: null } })).topics["1"]!.queue["a"]?.name).toBe("Ann");
  });

  it("joins topics of several departments", () => {
    const two = applyBoard(applyBoard({}, whole).topics, {
      ...whole,
      topic: "2",
      queue: { c: waiting("Cem", "2026-11-21T11:00:00Z") },
    });
    expect(queueInOrder(joinTopics(two.topics)).map((row) => row.name)).toEqual(["Cem", "Ann"]);
  });
});

it("C4: VIP goes ahead in the queue, then who waits longest", () => {
  const rows = applyBoard(
    {},
    board(1, {
      full: true,
      queue: {
        a: waiting("Ann", "2026-11-21T12:00:00Z"),
        b: waiting("Ben", "2026-11-21T11:00:00Z"),
        v: waiting("Vic", "2026-11-21T12:30:00Z", { vip: true }),
        n: { ...waiting("Nel", ""), since: null },
      },
    }),
  ).topics;
  expect(queueInOrder(joinTopics(rows)).map((row) => row.name)).toEqual(["Vic", "Ben", "Ann", "Nel"]);
});

describe("M3: meters on the board tick without traffic", () => {
  const at = Date.parse("2026-11-21T12:00:00Z");
  const meter: BoardMeter = {
    state: "running",
    price_m: 2000,
    block_s: 60,
    elapsed_s: 30,
    charged_m: 2000,
    now: "2026-11-21T12:00:00Z",
    next_charge_at: "2026-11-21T12:00:30Z",
  };
  it("counts from the row's own time", () => {
    expect(boardElapsedSeconds(meter, at + 5_000)).toBe(35);
    expect(boardElapsedSeconds({ ...meter, state: "paused" }, at + 5_000)).toBe(30);
  });
  it("M2: adds a block when it begins", () => {
    expect(boardChargedM(meter, at + 29_999)).toBe(2000);
    expect(boardChargedM(meter, at + 30_000)).toBe(4000);
    expect(boardChargedM(meter, at + 90_000)).toBe(6000);
    expect(boardChargedM({ ...meter, state: "grace" }, at + 90_000)).toBe(2000);
  });
  it("sums what runs, per minute", () => {
    const row: BoardSession = { department: "1", name: "Ann", state: "active", agent: null, since: null, meter };
    const paused: BoardSession = { ...row, meter: { ...meter, state: "paused" } };
    expect(ratePerMinuteM([row, { ...row, meter: { ...meter, block_s: 30 } }, paused])).toBe(6000);
  });
});

it("ages in three steps", () => {
  expect([0, 119.9, 120, 299, 300].map((seconds) => ageOf(seconds))).toEqual(["fresh", "fresh", "ageing", "ageing", "overdue"]);
});

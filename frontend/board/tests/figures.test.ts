import { describe, expect, it } from "vitest";

import { QUEUE_AGE } from "../../shared/age.ts";
import { applyBoard, joinTopics } from "../../shared/board.ts";
import type { BoardAgent, BoardMeter, BoardQueued, BoardSession } from "../../shared/protocol.ts";
import { countByStatus, departmentLines, figuresOf, sessionsInOrder, staffInOrder } from "../figures.ts";
import { addSample, NO_TREND, peakOf, pointsOf, SAMPLE_MS, TREND_MS } from "../trend.ts";

const NOON = Date.parse("2026-11-21T12:00:00Z");
const waiting = (department: string, since: string, more: Partial<BoardQueued> = {}): BoardQueued => ({
  department,
  name: "x",
  state: "queued",
  since,
  ...more,
});
const running: BoardMeter = {
  state: "running",
  price_m: 2000,
  block_s: 60,
  elapsed_s: 0,
  charged_m: 2000,
  now: "2026-11-21T12:00:00Z",
};
const chat = (department: string, more: Partial<BoardSession> = {}): BoardSession => ({
  department,
  name: "y",
  state: "active",
  agent: { id: "7", name: "Daan" },
  since: "2026-11-21T11:50:00Z",
  meter: running,
  ...more,
});
const agent = (name: string, more: Partial<BoardAgent> = {}): BoardAgent => ({
  name,
  status: "online",
  chats: 0,
  capacity: 4,
  departments: ["1"],
  since: null,
  ...more,
});

const rows = joinTopics(
  applyBoard(
    {},
    {
      type: "board",
      topic: "all",
      rev: 1,
      full: true,
      queue: {
        a: waiting("1", "2026-11-21T11:53:48Z"),
        b: waiting("2", "2026-11-21T11:57:13Z"),
        c: waiting("1", "2026-11-21T11:59:22Z"),
        p: waiting("1", "2026-11-21T11:00:00Z", { state: "waiting", reason: "payment" }),
      },
      sessions: {
        s1: chat("1"),
        s2: chat("2", { since: "2026-11-21T11:40:00Z" }),
        s3: chat("2", { state: "waiting", reason: "customer_away", meter: { ...running, state: "paused" } }),
      },
      agents: {
        "7": agent("Daan", { chats: 3 }),
        "8": agent("Mila", { status: "busy", chats: 1, departments: ["2"] }),
        "9": agent("Bas", { status: "away" }),
        "10": agent("Anna", { chats: 5 }),
      },
    },
  ).topics,
);

describe("D2: what the board shows", () => {
  it("counts who waits by age, without those who are paying", () => {
    const figures = figuresOf(rows, NOON, QUEUE_AGE);
    expect(figures).toMatchObject({ waiting: 3, waiting_by_age: { overdue: 1, ageing: 1, fresh: 1 }, waiting_departments: 2 });
    expect(figures.longest).toEqual({ seconds: 372, department: "1" });
  });
  it("has room only where somebody online is below capacity", () => {
    expect(figuresOf(rows, NOON, QUEUE_AGE)).toMatchObject({ running: 3, room: 1 });
  });
  it("M3: takes credits per minute from what runs", () => {
    expect(figuresOf(rows, NOON, QUEUE_AGE).rate_m).toBe(4000);
  });
  it("P5: has a line for each department that is followed", () => {
    const names = { "1": "PC", "2": "Network", "3": "Billing" };
    expect(
      departmentLines(rows, names, ["all"], NOON).map((line) => [line.name, line.waiting, line.chats, line.room, line.rate_m]),
    ).toEqual([
      ["PC", 2, 1, 1, 2000],
      ["Network", 1, 2, 0, 2000],
      ["Billing", 0, 0, 0, 0],
    ]);
    expect(departmentLines(rows, names, ["2"], NOON).map((line) => line.name)).toEqual(["Network"]);
  });
  it("D1: lists staff by presence, then name; sessions that stand still come first", () => {
    expect(staffInOrder(rows).map((one) => one.name)).toEqual(["Anna", "Daan", "Mila", "Bas"]);
    expect(countByStatus(staffInOrder(rows))).toEqual({ online: 2, busy: 1, away: 1, offline: 0 });
    expect(sessionsInOrder(rows).map((row) => row.id)).toEqual(["s3", "s2", "s1"]);
  });
});

describe("the trend of credits per minute", () => {
  it("keeps one sample per interval, its highest, for an hour", () => {
    let trend = addSample(NO_TREND, NOON, 2000);
    trend = addSample(trend, NOON + 1000, 6000);
    trend = addSample(trend, NOON + 2000, 1000);
    expect(trend.samples).toEqual([{ at_ms: NOON, rate_m: 6000 }]);
    trend = addSample(trend, NOON + SAMPLE_MS, 3000);
    expect(peakOf(trend)).toBe(6000);
    trend = addSample(trend, NOON + TREND_MS + 1, 500);
    expect(trend.samples.map((sample) => sample.rate_m)).toEqual([3000, 500]);
  });
  it("is bounded however often it is fed", () => {
    let trend = NO_TREND;
    for (let second = 0; second < 3 * 3600; second++) trend = addSample(trend, NOON + second * 1000, second % 7);
    expect(trend.samples.length).toBeLessThanOrEqual(TREND_MS / SAMPLE_MS + 1);
  });
  it("ends at the right edge in what is now, its peak below the top", () => {
    const trend = addSample(NO_TREND, NOON - TREND_MS / 2, 4600);
    expect(pointsOf(trend, 2300, NOON, 600, 115)).toEqual([
      [300, expect.closeTo(15)],
      [600, expect.closeTo(65)],
    ]);
  });
});

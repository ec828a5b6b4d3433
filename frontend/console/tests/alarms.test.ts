import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { MemoryShelf } from "../../shared/storage.ts";
import { startAlarms } from "../alarms.ts";
import { type Sound, Sounds } from "../sounds.ts";
import { Hub, said, session } from "./hub.ts";

/** Sounds that are remembered instead of heard. */
class HeardSounds extends Sounds {
  readonly heard: Sound[] = [];
  override play(sound: Sound): void {
    this.heard.push(sound);
  }
}

let hub: Hub;
let sounds: HeardSounds;
let stop = () => {};
const focus = vi.spyOn(document, "hasFocus");

beforeEach(async () => {
  vi.useFakeTimers({ now: new Date("2026-11-21T12:00:00Z") });
  focus.mockReturnValue(true);
  document.title = "Console";
  hub = await new Hub().open();
  sounds = new HeardSounds(new MemoryShelf());
  stop = startAlarms(hub.desk, sounds);
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe("C9: sounds and their visible twins", () => {
  it("the bell rings for an offer, also in a focused tab, and again while nobody answers", () => {
    hub.says({ type: "session.offer", session: "o1", expires_at: "2026-11-21T12:00:20Z" });
    expect(sounds.heard).toEqual(["bell"]);
    expect(document.title).toBe("(1) New chat");
    vi.advanceTimersByTime(5_000);
    expect(sounds.heard).toEqual(["bell"]);
    vi.advanceTimersByTime(2_000);
    expect(sounds.heard).toEqual(["bell", "bell"]);
    hub.says(session("o1"));
    vi.advanceTimersByTime(20_000);
    expect(sounds.heard).toEqual(["bell", "bell"]);
    expect(document.title).toBe("Console");
  });

  it("a message ticks only when the agent looks elsewhere, and never for what they or colleagues say", () => {
    hub.says(session("s1"));
    hub.says(said("s1", 1, "hello"));
    expect(sounds.heard).toEqual([]);
    focus.mockReturnValue(false);
    hub.says(said("s1", 2, "anybody?"));
    expect(sounds.heard).toEqual(["tick"]);
    hub.says(said("s1", 3, "yes", "agent"));
    hub.says(session("s2", { agent: { id: "8", name: "Mila" } }));
    hub.says(said("s2", 1, "to Mila"));
    expect(sounds.heard).toEqual(["tick"]);
    expect(document.title).toBe("(2) Console");
  });

  it("a lost line falls once, and not for a blink", () => {
    hub.drops();
    vi.advanceTimersByTime(2_000);
    expect(sounds.heard).toEqual([]);
    vi.advanceTimersByTime(4_000);
    expect(sounds.heard).toEqual(["falling"]);
    vi.advanceTimersByTime(30_000);
    expect(sounds.heard).toEqual(["falling"]);
  });
});

it("sounds are off until somebody arms them, and the choice is kept", () => {
  const shelf = new MemoryShelf();
  const first = new Sounds(shelf);
  expect(first.settings.value).toMatchObject({ on: false, desktop: false });
  expect(first.armed.value).toBe(false);
  first.change({ on: true, volume: 0.3 });
  expect(new Sounds(shelf).settings.value).toMatchObject({ on: true, volume: 0.3, desktop: false });
  shelf.setItem("balie.sounds", '{"on": "yes", "volume": 40}');
  expect(new Sounds(shelf).settings.value).toMatchObject({ on: false, volume: 0.7 });
});

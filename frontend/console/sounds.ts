/**
 * Sounds of the console, each under 400 ms, made here so that nothing is loaded. Off until somebody arms them: a browser
 * plays nothing before the first click, and nobody should be startled. Each has a visible twin elsewhere.
 */
import { signal } from "@preact/signals";

import { keep, recall, type Shelf } from "../shared/storage.ts";

export type Sound = "bell" | "tick" | "falling";

interface Tone {
  readonly hz: number;
  readonly to_hz?: number;
  readonly at_s: number;
  readonly long_s: number;
  readonly loud: number;
}

const TONES: Record<Sound, readonly Tone[]> = {
  bell: [
    { hz: 880, at_s: 0, long_s: 0.38, loud: 0.5 },
    { hz: 1760, at_s: 0, long_s: 0.3, loud: 0.22 },
    { hz: 2637, at_s: 0, long_s: 0.18, loud: 0.12 },
  ],
  tick: [{ hz: 1320, at_s: 0, long_s: 0.07, loud: 0.3 }],
  falling: [{ hz: 520, to_hz: 260, at_s: 0, long_s: 0.36, loud: 0.35 }],
};

export interface SoundSettings {
  readonly on: boolean;
  /** 0 to 1. */
  readonly volume: number;
  readonly desktop: boolean;
}

const SHELF_KEY = "balie.sounds";
const AT_FIRST: SoundSettings = { on: false, volume: 0.7, desktop: false };

export class Sounds {
  readonly settings = signal<SoundSettings>(AT_FIRST);
  /** The browser lets us play; until somebody clicked it does not. */
  readonly armed = signal(false);
  readonly #shelf: Shelf;
  #audio: AudioContext | undefined;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
    this.settings.value = readSettings(recall(shelf, SHELF_KEY));
  }

  change(settings: Partial<SoundSettings>): void {
    this.settings.value = { ...this.settings.peek(), ...settings };
    keep(this.#shelf, SHELF_KEY, this.settings.peek());
  }

  /** Call it in a click or key press: only then does the browser agree. */
  async arm(): Promise<void> {
    this.#audio ??= typeof AudioContext === "undefined" ? undefined : new AudioContext();
    if (!this.#audio) return;
    await this.#audio.resume().catch(() => undefined);
    this.armed.value = this.#audio.state === "running";
  }

  play(sound: Sound): void {
    const { on, volume } = this.settings.peek();
    if (!on || !this.#audio || !this.armed.peek()) return;
    for (const tone of TONES[sound]) this.#sing(this.#audio, tone, volume);
  }

  #sing(audio: AudioContext, tone: Tone, volume: number): void {
    const from_s = audio.currentTime + tone.at_s;
    const until_s = from_s + tone.long_s;
    const string = audio.createOscillator();
    const body = audio.createGain();
    string.frequency.setValueAtTime(tone.hz, from_s);
    if (tone.to_hz !== undefined) string.frequency.exponentialRampToValueAtTime(tone.to_hz, until_s);
    body.gain.setValueAtTime(0.0001, from_s);
    body.gain.exponentialRampToValueAtTime(Math.max(0.0002, tone.loud * volume), from_s + 0.008);
    body.gain.exponentialRampToValueAtTime(0.0001, until_s);
    string.connect(body).connect(audio.destination);
    string.start(from_s);
    string.stop(until_s);
  }
}

function readSettings(kept: unknown): SoundSettings {
  if (typeof kept !== "object" || kept === null) return AT_FIRST;
  const { on, volume, desktop } = kept as Record<string, unknown>;
  return {
    on: on === true,
    volume: typeof volume === "number" && volume >= 0 && volume <= 1 ? volume : AT_FIRST.volume,
    desktop: desktop === true,
  };
}

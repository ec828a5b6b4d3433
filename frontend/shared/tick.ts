import { signal } from "@preact/signals"; // not the core alone: what reads this are components

let timer: ReturnType<typeof setInterval> | undefined;

const second = signal(Date.now(), {
  watched() {
    second.value = Date.now();
    timer = setInterval(() => (second.value = Date.now()), 1000);
  },
  unwatched() {
    clearInterval(timer);
  },
});

/** Later than this the timer has not run: the page was hidden, or nobody was looking until now. */
const STALE_MS = 1_500;

/** Local milliseconds, anew each second for as long as something on the screen reads it. One timer for the whole page. */
export const tick = {
  get value(): number {
    const heard = second.value;
    const now = Date.now();
    return Math.abs(now - heard) > STALE_MS ? now : heard;
  },
};

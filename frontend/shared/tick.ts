import { type ReadonlySignal, signal } from "@preact/signals-core";

let timer: ReturnType<typeof setInterval> | undefined;

/** Local milliseconds, once a second, for as long as something on the screen reads it. One timer for the whole page. */
const second = signal(Date.now(), {
  watched() {
    second.value = Date.now();
    timer = setInterval(() => (second.value = Date.now()), 1000);
  },
  unwatched() {
    clearInterval(timer);
  },
});

export const tick: ReadonlySignal<number> = second;

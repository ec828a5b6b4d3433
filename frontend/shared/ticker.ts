/**
 * A ticker for `LiveSocket` that keeps its pace in a hidden tab. Staff are counted as gone after 15 s of silence, and a browser runs the
 * timers of a page that was hidden for five minutes once a minute only.
 */
export function workerTicker(tick: () => void): () => void {
  try {
    const worker = new Worker(new URL("./ticker.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = tick;
    return () => worker.terminate();
  } catch {
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }
}

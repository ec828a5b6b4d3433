/**
 * The widget's end of the talk with the loader on the page around it. Only the page that embeds us is heard, and only when its origin is one
 * that the site allows; what we say goes to that origin alone.
 */
import type { FromFrame, ToFrame } from "../loader/messages.ts";

export class Bridge {
  readonly #allowed: readonly string[];
  #origin: string | undefined;

  constructor(allowed: readonly string[]) {
    this.#allowed = allowed;
  }

  get isEmbedded(): boolean {
    return window.parent !== window;
  }

  /** Says that we are here and hears from then on. Messages are handed over in the order they come. */
  start(heard: (message: ToFrame) => void): void {
    if (!this.isEmbedded) return;
    addEventListener("message", ({ source, origin, data }: MessageEvent<unknown>) => {
      if (source !== window.parent || !this.#isAllowed(origin) || !isMessage(data)) return;
      this.#origin = origin;
      heard(data);
    });
    // Nobody has spoken yet, so the origin is not known; this says nothing about anybody.
    window.parent.postMessage({ balie: "ready" } satisfies FromFrame, "*");
  }

  tell(message: FromFrame): void {
    if (this.#origin) window.parent.postMessage(message, this.#origin);
  }

  #isAllowed(origin: string): boolean {
    if (this.#origin) return origin === this.#origin;
    return origin === location.origin || this.#allowed.includes(origin);
  }
}

function isMessage(data: unknown): data is ToFrame {
  return typeof data === "object" && data !== null && "balie" in data && typeof data.balie === "string";
}

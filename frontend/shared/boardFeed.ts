/** Follows topics of the board over a socket: subscribes on every new line and again after a gap (D2). */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";

import { applyBoard, blindTopics, type BoardRows, joinTopics, type Topics } from "./board.ts";
import type { Board } from "./protocol.ts";
import type { LiveSocket } from "./socket.ts";

export class BoardFeed {
  readonly topics = signal<Topics>({});
  readonly rows: ReadonlySignal<BoardRows>;
  /** False until the first topic came: there is nothing to show, which is not the same as nobody there. */
  readonly known: ReadonlySignal<boolean>;
  readonly #socket: LiveSocket;

  constructor(socket: LiveSocket, names: readonly string[]) {
    this.#socket = socket;
    this.rows = computed(() => joinTopics(this.topics.value));
    this.known = computed(() => names.length === 0 || Object.keys(this.topics.value).length > 0);
    socket.attach({
      frame: (frame) => {
        if (frame.type === "board") this.#change(frame);
      },
      opened: () => {
        this.topics.value = blindTopics(this.topics.peek());
        for (const name of names) this.#subscribe(name);
      },
      historyLost: () => {
        this.topics.value = {};
      },
    });
  }

  #change(frame: Board): void {
    const { topics, missed } = applyBoard(this.topics.peek(), frame);
    this.topics.value = topics;
    if (missed) this.#subscribe(frame.topic);
  }

  #subscribe(topic: string): void {
    this.#socket.request({ type: "board.subscribe", topic }, { fleeting: true });
  }
}

/** What the list, the tabs and the keys need to know of a chat, computed from its frames. */
import { computed, type ReadonlySignal } from "@preact/signals";

import type { Conversation } from "../shared/conversations.ts";
import type { Session } from "../shared/protocol.ts";
import { milliseconds } from "../shared/protocol.ts";
import { type Line, linesOf } from "../shared/timeline.ts";

/** Running with me, or over while I still owe its wrap-up. */
export function isMine(session: Session | null, me: string): boolean {
  if (!session || session.agent?.id !== me) return false;
  return session.state !== "ended" || owesWrapup(session, me);
}

export function owesWrapup(session: Session, me: string): boolean {
  return session.state === "ended" && session.agent?.id === me && Boolean(session.wrapup) && !session.wrapup?.outcome;
}

/** What the customer said after `read_seq`. */
export function unreadCount(lines: readonly Line[], read_seq: number): number {
  return lines.filter((line) => isFromCustomer(line) && (line.message.seq ?? 0) > read_seq).length;
}

/** Since when the customer waits for an answer (milliseconds); undefined when it is their turn. */
export function unansweredSince(lines: readonly Line[]): number | undefined {
  let since: number | undefined;
  for (const line of newestFirst(lines)) {
    if (isFromCustomer(line)) since = milliseconds(line.message.at);
    else if (line.message.kind === "text" || line.message.kind === "file") break;
  }
  return since;
}

/** The last thing that was said to or by the customer, for the second line of a row. */
export function lastSaid(lines: readonly Line[]): Line | undefined {
  return newestFirst(lines).find((line) => !line.deleted && (line.message.kind === "text" || line.message.kind === "file"));
}

function isFromCustomer(line: Line): boolean {
  return line.state === "sent" && !line.deleted && line.message.kind !== "event" && line.message.author.kind === "visitor";
}

function newestFirst(lines: readonly Line[]): readonly Line[] {
  return [...lines].reverse();
}

/** A conversation as the console looks at it. Each figure is computed again only when what it stands on changed. */
export class Chat {
  readonly conversation: Conversation;
  readonly lines: ReadonlySignal<readonly Line[]>;
  readonly unread: ReadonlySignal<number>;
  readonly unanswered_since: ReadonlySignal<number | undefined>;
  readonly last: ReadonlySignal<Line | undefined>;
  readonly customer_types: ReadonlySignal<boolean>;

  constructor(conversation: Conversation, me: string) {
    this.conversation = conversation;
    this.lines = computed(() => linesOf(conversation.timeline.value));
    this.unread = computed(() => unreadCount(this.lines.value, conversation.read.value[me] ?? 0));
    this.unanswered_since = computed(() => unansweredSince(this.lines.value));
    this.last = computed(() => lastSaid(this.lines.value));
    this.customer_types = computed(() => [...conversation.typing.value.keys()].some((who) => who !== me));
  }

  get id(): string {
    return this.conversation.id;
  }

  get session(): Session | null {
    return this.conversation.session.value;
  }
}

import { type ComponentChildren, type ComponentType, Fragment } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { t, timeOfDay, tn } from "../i18n.ts";
import { alertIcon, checkIcon, checksIcon, clockIcon, downIcon, retryIcon } from "../icons.ts";
import { plainOf } from "../linkify.ts";
import type { ChatEvent, ChatFile } from "../protocol.ts";
import { type Line, quotedBy } from "../timeline.ts";
import { eventText } from "../words.ts";
import { Button, LinkButton } from "./controls.tsx";
import { Icon } from "./Icon.tsx";
import { Avatar } from "./people.tsx";
import { RichText } from "./RichText.tsx";

/** Messages of one person within this time stand together under one name. */
const TOGETHER_MS = 120_000;
/** Nearer to the end than this, new messages scroll into view; further up, somebody is reading. */
const NEAR_END_PX = 80;

export interface MessageActions {
  readonly reply?: (line: Line) => void;
  readonly edit?: (line: Line) => void;
  readonly remove?: (line: Line) => void;
  readonly retry?: (line: Line) => void;
  readonly discard?: (line: Line) => void;
}

/** What not every page shows, or not at first (messageParts.tsx). */
export interface MessageParts {
  readonly Acts?: ComponentType<EntryProps & { readonly mine: boolean }> | undefined;
  /** A line that only staff see. */
  readonly Aside?: ComponentType<EntryProps>;
  readonly Dividers?: ComponentType<EntryProps>;
  /** What came with a message. */
  readonly Files?: ComponentType<{ readonly files: readonly ChatFile[] }> | undefined;
  /** An event that is more than a line: a ticket that was made. Null for all others. */
  readonly cardOf?: ((event: ChatEvent) => ComponentChildren) | undefined;
}

export interface MessageListProps {
  readonly lines: readonly Line[];
  /** Which side is ours: their messages stand at the end of the line. */
  readonly isMine: (line: Line) => boolean;
  /** Up to where the other side has read. */
  readonly readSeq: number;
  /** False while there is no line: what is pending waits. */
  readonly online: boolean;
  /** Names of who is typing. */
  readonly typing: readonly string[];
  /** Who the other side is; staff unless said otherwise. */
  readonly them?: { readonly id: string; readonly staff: boolean };
  readonly actions?: MessageActions;
  /** The hub's time, for what may still be changed. */
  readonly now_ms: number;
  readonly label?: string;
  /** Whose messages may be changed; without it, all of our side. A colleague's words are ours and not mine. */
  readonly isOwn?: (line: Line) => boolean;
  readonly parts?: MessageParts;
  /** What an event says on this side; the customer's words by default. */
  readonly eventText?: (event: ChatEvent, who: string) => string;
  /** Messages after this one had not been read when the list was opened. */
  readonly newAfterSeq?: number | undefined;
  /** A line between days. */
  readonly days?: boolean;
  /** Shown before the first message, for instance a button for earlier ones. */
  readonly head?: ComponentChildren;
  /** Shown after the last one: cards of the chat's state. */
  readonly foot?: ComponentChildren;
  /** Called with the last `seq` that stands on the screen. */
  readonly onSeen?: (seq: number) => void;
}

export function MessageList(props: MessageListProps) {
  const { lines, typing, onSeen } = props;
  const { Dividers } = props.parts ?? {};
  const box = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const top = useRef(0);
  const [unseen, setUnseen] = useState(0);
  const last = lines.at(-1)?.key;
  const count = useRef(lines.length);
  const lastSeq = lines.reduce((seq, line) => Math.max(seq, line.message.seq ?? 0), 0);

  const toEnd = () => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  };
  useLayoutEffect(() => {
    const fresh = lines.length - count.current;
    count.current = lines.length;
    const mineIsLast = lines.length > 0 && props.isMine(lines[lines.length - 1]!);
    if (atEnd.current || (mineIsLast && fresh > 0)) {
      toEnd();
      setUnseen(0);
      if (lastSeq > 0 && !document.hidden) onSeen?.(lastSeq);
    } else if (fresh > 0) setUnseen((before) => before + fresh);
  }, [last, lines.length, lastSeq, typing.length > 0]);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    // The keyboard of a phone opens, a card or a note appears: who was at the end stays there.
    const observer = new ResizeObserver(() => atEnd.current && toEnd());
    observer.observe(element);
    if (inner.current) observer.observe(inner.current);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    // Content that grows also moves the end away; only who scrolls up has left it.
    if (near || element.scrollTop < top.current) atEnd.current = near;
    top.current = element.scrollTop;
    if (atEnd.current && unseen > 0) setUnseen(0);
    if (atEnd.current && lastSeq > 0) onSeen?.(lastSeq);
  };

  return (
    <div class="scroll" ref={box} onScroll={onScroll}>
      <div class="inner" ref={inner}>
        {props.head}
        <div class="filler" />
        <div class="thread" role="log" aria-live="off" aria-label={props.label ?? t("Messages")} tabIndex={0}>
          {lines.map((line, place) => (
            <Fragment key={line.key}>
              {Dividers && <Dividers line={line} before={lines[place - 1]} {...props} />}
              <Entry line={line} before={lines[place - 1]} {...props} />
            </Fragment>
          ))}
          {typing.length > 0 && <TypingDots names={typing} them={props.them} />}
        </div>
        {props.foot}
      </div>
      {unseen > 0 && (
        <div class="tail">
          <Button look="primary" size="sm" icon={downIcon} onClick={toEnd}>{tn("{n} new message", "{n} new messages", unseen)}</Button>
        </div>
      )}
    </div>
  );
}

export type EntryProps = MessageListProps & { readonly line: Line; readonly before: Line | undefined };

function Entry(props: EntryProps) {
  const { message } = props.line;
  const { Aside } = props.parts ?? {};
  if (message.kind === "event") {
    return (message.event && props.parts?.cardOf?.(message.event)) || <Happening line={props.line} textOf={props.eventText ?? eventText} />;
  }
  if (message.kind === "note" || message.kind === "whisper") return Aside ? <Aside {...props} /> : null;
  return <Bubble {...props} />;
}

function Happening({ line, textOf }: { readonly line: Line; readonly textOf: (event: ChatEvent, who: string) => string }) {
  const { message } = line;
  const text = message.event ? textOf(message.event, message.author.name) : "";
  if (!text) return null;
  return <div class="sys"><span>{text} · <time dateTime={message.at}>{timeOfDay(message.at)}</time></span></div>;
}

function Bubble(props: EntryProps) {
  const { line, before, isMine } = props;
  const { message } = line;
  const { Acts } = props.parts ?? {};
  const [open, setOpen] = useState(false);
  const mine = isMine(line);
  const next = before !== undefined && before.message.kind !== "event" && isMine(before) === mine
    && before.message.author.id === message.author.id && Date.parse(message.at) - Date.parse(before.message.at) < TOGETHER_MS;
  const pending = line.state !== "sent";
  const quoted = quotedBy(props.lines, line);
  const classes = ["msg", mine ? "out" : "", next ? "next" : "", pending ? "pending" : "", open ? "open" : "", line.deleted ? "gone" : ""];
  return (
    <div class={classes.filter(Boolean).join(" ")}>
      {!mine && (next ? <span class="av-gap" /> : <Avatar name={message.author.name} id={message.author.id ?? ""} staff={message.author.kind !== "visitor"} size="sm" />)}
      <div class="b" dir="auto" onClick={() => setOpen(!open)}>
        {quoted && !line.deleted && <blockquote class="quote" dir="auto"><b>{mine === isMine(quoted) ? t("You") : quoted.message.author.name}</b>{quoted.deleted ? t("Message deleted") : plainOf(quoted.text)}</blockquote>}
        {line.deleted ? <em>{t("Message deleted")}</em> : <RichText text={line.text} />}
        {!line.deleted && message.files && <FilesOf files={message.files} of={props.parts?.Files} />}
      </div>
      <div class="meta">
        <Meta {...props} mine={mine} />
        {!pending && !line.deleted && Acts && <Acts {...props} mine={mine} />}
      </div>
    </div>
  );
}

/** By name alone, until what shows them is there. */
function FilesOf({ files, of: Files }: { readonly files: readonly ChatFile[]; readonly of: MessageParts["Files"] }) {
  return Files ? <Files files={files} /> : <>{files.map(({ name }) => <p class="clip">{name || t("File")}</p>)}</>;
}

function Meta({ line, mine, readSeq, online, actions, isOwn }: EntryProps & { readonly mine: boolean }) {
  if (line.state === "failed") {
    return (
      <>
        <span class="fail"><Icon of={alertIcon} size="sm" /> {t("Not sent.")}</span> {line.problem && <span>{line.problem}</span>}
        {actions?.retry && <LinkButton onClick={() => actions.retry?.(line)}>{t("Try again")}</LinkButton>}
        {actions?.discard && <LinkButton onClick={() => actions.discard?.(line)}>{t("Remove")}</LinkButton>}
      </>
    );
  }
  if (line.state !== "sent") {
    return online ? <><Icon of={retryIcon} size="sm" class="spin" /> {t("Sending")}</> : <><Icon of={clockIcon} size="sm" /> {t("Waiting for the connection")}</>;
  }
  const { message } = line;
  return (
    <>
      {(!mine || isOwn?.(line) === false) && <span>{message.author.name} ·</span>}
      <time dateTime={message.at}>{timeOfDay(message.at)}</time>
      {line.edited && <span>· {t("edited")}</span>}
      {mine && <Mark read={(message.seq ?? 0) <= readSeq} />}
    </>
  );
}

function Mark({ read }: { readonly read: boolean }) {
  return (
    <span class={read ? "read" : "delivered"}>
      <Icon of={read ? checksIcon : checkIcon} size="sm" /><span class="sr">{read ? t("Read") : t("Delivered")}</span>
    </span>
  );
}

function TypingDots({ names, them }: { readonly names: readonly string[]; readonly them: MessageListProps["them"] }) {
  const label = names.length === 1 ? t("{name} is typing", { name: names[0]! }) : t("Several people are typing");
  return (
    <div class="msg">
      <Avatar name={names[0] ?? ""} id={them?.id} staff={them?.staff ?? true} size="sm" />
      <span class="typing" role="img" aria-label={label}><i /><i /><i /></span>
    </div>
  );
}

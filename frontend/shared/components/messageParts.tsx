/** Parts of a list of messages that not every page shows, or not at first. */
import { dayText, t, timeOfDay } from "../i18n.ts";
import { earIcon, editIcon, lockIcon, replyIcon, trashIcon } from "../icons.ts";
import { IconButton } from "./controls.tsx";
import { Icon } from "./Icon.tsx";
import type { EntryProps, MessageParts } from "./MessageList.tsx";
import { RichText } from "./RichText.tsx";

/** An own message may be changed for so long; a setting of the hub, which refuses what is later. */
export const CHANGE_S = 15 * 60;
/** What one can do with a message; there on hover, on focus, and on a tap. */
export function Acts({ line, mine, actions, now_ms, isOwn }: EntryProps & { readonly mine: boolean }) {
  if (!actions) return null;
  const changeable = mine && (isOwn?.(line) ?? true) && now_ms - Date.parse(line.message.at) < CHANGE_S * 1000;
  return (
    <span class="acts">
      {actions.reply && <IconButton of={replyIcon} small flip label={t("Reply to this message")} onClick={() => actions.reply?.(line)} />}
      {changeable && actions.edit && <IconButton of={editIcon} small label={t("Edit this message")} onClick={() => actions.edit?.(line)} />}
      {changeable && actions.remove && <IconButton of={trashIcon} small label={t("Delete this message")} onClick={() => actions.remove?.(line)} />}
    </span>
  );
}

/** A new day, and where the unread begins. */
export function Dividers({ line, before, days, newAfterSeq, isMine }: EntryProps) {
  const day = new Date(line.message.at).toDateString();
  const seq = line.message.seq ?? 0;
  const unread = newAfterSeq !== undefined && seq > newAfterSeq && !isMine(line) && (before?.message.seq ?? 0) <= newAfterSeq;
  return (
    <>
      {days && before && new Date(before.message.at).toDateString() !== day && <div class="day"><time dateTime={line.message.at}>{dayText(line.message.at)}</time></div>}
      {unread && <div class="day new"><span>{t("New")}</span></div>}
    </>
  );
}

/** A note or a whisper: for staff only, and it looks so. */
export function Aside({ line, parts }: EntryProps) {
  const { files } = line.message;
  const whisper = line.message.kind === "whisper";
  const who = line.message.author.name;
  return (
    <div class={whisper ? "whisper-in" : "note-in"}>
      <Icon of={whisper ? earIcon : lockIcon} />
      <span class="who">{whisper ? t("Whisper of {name}", { name: who }) : t("Note of {name}", { name: who })} · {timeOfDay(line.message.at)}</span>
      {line.text && <p dir="auto"><RichText text={line.text} /></p>}
      {files && parts?.Files && <parts.Files files={files} />}
    </div>
  );
}

/** All of them. */
export const MESSAGE_PARTS: MessageParts = { Acts, Aside, Dividers };

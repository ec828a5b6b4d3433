/** The chat as a text file, made here from what is on the screen, with its costs. */
import type { Conversation } from "../shared/conversations.ts";
import { clock, creditsWithUnit, dateAndTime, t, timeOfDay } from "../shared/i18n.ts";
import type { Session } from "../shared/protocol.ts";
import { type Line, linesOf } from "../shared/timeline.ts";
import { eventText, pauseText } from "../shared/words.ts";

export function transcriptOf(conversation: Conversation, session: Session, site: string): string {
  const lines = linesOf(conversation.timeline.value).map(lineOf).filter(Boolean);
  return [`${site}, ${dateAndTime(session.opened_at)}`, session.subject ?? "", "", ...lines, "", ...costsOf(session), ""].join("\r\n");
}

/** Offers the file for saving. */
export function download(conversation: Conversation, session: Session, site: string): void {
  // A mark at the beginning, so that every editor reads it as UTF-8.
  const url = URL.createObjectURL(new Blob(["\uFEFF", transcriptOf(conversation, session, site)], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `chat-${session.opened_at.slice(0, 16).replace(/[T:]/g, "-")}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function lineOf(line: Line): string {
  const { message } = line;
  const time = timeOfDay(message.at);
  if (message.event) {
    const text = eventText(message.event, message.author.name);
    return text && `[${time}] * ${text}`;
  }
  const who = message.author.kind === "visitor" ? message.author.name || t("You") : message.author.name;
  const files = (message.files ?? []).map(({ name }) => `[${name || t("File")}]`);
  if (line.deleted) return `[${time}] ${who}: (${t("Message deleted")})`;
  return `[${time}] ${who}${line.edited ? ` (${t("edited")})` : ""}: ${[...(line.text ? [line.text] : []), ...files].join("\n").replaceAll("\n", "\r\n    ")}`;
}

function costsOf({ summary, price_m }: Session): readonly string[] {
  if (!summary) return [];
  const time = `${t("Time")}: ${clock(summary.elapsed_s)}`;
  if (!price_m) return [time];
  const paused = summary.paused.map(({ reason, seconds }) => `${t("Not charged: {reason}", { reason: pauseText(reason) })}: ${clock(seconds)}`);
  return [time, ...paused, `${t("Used")}: ${creditsWithUnit(summary.charged_m)}`];
}

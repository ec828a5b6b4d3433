/** What codes of the protocol are called on the screen, in one place for both sides. */
import { clock, credits, exactDuration, t } from "./i18n.ts";
import type { ChatEvent, EndReason, Meter, PresenceStatus, Price } from "./protocol.ts";

/** The price of a department: "2.0 credits/min", per block where a block is no whole part of a minute. */
export function priceText(price: Pick<Price, "price_m" | "block_s">): { readonly amount: string; readonly unit: string } {
  const { price_m, block_s } = price;
  if (block_s > 0 && 60 % block_s === 0) return { amount: credits((price_m * 60) / block_s), unit: t("credits/min") };
  return { amount: credits(price_m), unit: t("credits per {time}", { time: exactDuration(block_s) }) };
}

/** "2.0/min", for where the word credits is near. */
export function shortPrice(price: Pick<Price, "price_m" | "block_s">): string {
  const { price_m, block_s } = price;
  if (block_s > 0 && 60 % block_s === 0) return t("{amount}/min", { amount: credits((price_m * 60) / block_s) });
  return t("{amount} per {time}", { amount: credits(price_m), time: exactDuration(block_s) });
}

export function presenceText(status: PresenceStatus): string {
  switch (status) {
    case "online": return t("Online");
    case "away": return t("Away");
    case "busy": return t("Busy");
    case "offline": return t("Offline");
  }
}

/** Why a meter stands still, or why seconds were not charged. */
export function pauseText(reason: string): string {
  switch (reason) {
    case "agent": case "by_agent": case "manual": return t("Paused by the agent");
    case "agent_away": case "agent_lost": case "staff_away": return t("The agent's connection was lost");
    case "customer_away": case "customer_lost": return t("Your connection was lost");
    case "handover": case "transfer": return t("Waiting for a colleague");
    case "outage": case "hub_down": case "hub": return t("Our system was down");
    case "empty": case "grace": case "payment": return t("Credit used up");
    case "looking_up": return t("The agent is looking something up");
    case "customer_asked": return t("You asked for a pause");
    case "our_fault": return t("Our mistake");
    case "break": return t("A short break");
    case "most_to_spend": return t("Your limit was reached");
    case "wrapup": case "ended": return t("The chat ended");
    default: return reason ? t("Paused: {reason}", { reason: reason.replaceAll("_", " ") }) : t("Paused");
  }
}

export function endText(reason: EndReason | null | undefined): string {
  switch (reason) {
    case "customer": return t("You ended the chat");
    case "agent": return t("The agent ended the chat");
    case "inactive": return t("Ended because nobody wrote any more");
    case "empty": return t("Ended because the credit was used up");
    case "left_queue": return t("You left the queue");
    case "error": return t("Ended by a fault of ours");
    default: return t("The chat ended");
  }
}

export function meterText(state: Meter["state"]): string {
  switch (state) {
    case "ready": return t("Meter off");
    case "free": return t("Free time");
    case "running": return t("Meter on");
    case "paused": return t("Paused");
    case "grace": return t("Credit used up");
    case "ended": return t("Ended");
  }
}

/** One line of the transcript for what happened, in the customer's words. Unknown events say nothing. */
export function eventText(event: ChatEvent, who: string): string {
  const text = (key: string) => (typeof event[key] === "string" ? (event[key] as string) : "");
  const by = text("by") || who;
  const name = text("name") || by;
  switch (event.type) {
    case "joined": return t("{name} joined", { name });
    case "left": return t("{name} is no longer there. You are first in the queue again.", { name });
    case "paused": return t("Meter off: {reason}", { reason: pauseText(text("reason")) });
    case "resumed": return t("Meter on again");
    case "granted": return t("{name} gave {time} extra", { name, time: exactDuration(Number(event.seconds ?? 0)) });
    case "waived": return t("{name} made time free of charge", { name });
    case "agent_away": return t("The agent's connection was lost. Meter off.");
    case "agent_back": return t("The agent is back");
    case "customer_away": return t("Your connection was lost. Meter off.");
    case "customer_back": return t("You are back");
    case "inactive": return t("Nobody has written for a while. The chat ends in {time}.", { time: exactDuration(Number(event.seconds ?? 0)) });
    case "grace":
      if (event.stopped_by === "limit") return t("The spending limit was reached. Meter off.");
      return event.stopped_by === "most_to_spend" ? t("Your limit was reached. Meter off.") : t("The credit is used up. Meter off.");
    case "limit_asked": return t("{name} asked the manager to raise the spending limit.", { name });
    case "limit_declined": return t("The spending limit is not raised this time.");
    case "limit_raised": return t("The spending limit was raised. The chat goes on.");
    case "goes_on": return t("There is credit again. The chat goes on.");
    case "ticket": return t("Ticket {number} was made of this chat", { number: text("number") });
    case "reopened": return t("The chat was opened again");
    case "ended": return endText((text("reason") || undefined) as EndReason | undefined);
    default: return "";
  }
}

/** m:ss in words for a label that is read aloud. */
export function spokenTime(seconds: number): string {
  return t("{minutes} minutes {seconds} seconds", {
    minutes: Math.floor(seconds / 60), seconds: Math.floor(seconds) % 60,
  });
}

export { clock };

/** Words that staff read and customers do not. */
import { t } from "../shared/i18n.ts";
import { Problem } from "../shared/http.ts";
import type { ChatEvent, EndReason, Session } from "../shared/protocol.ts";
import { eventText } from "../shared/words.ts";

import type { Refusal } from "./desk.ts";
import type { Reason } from "./refunds.ts";

/** Why an agent pauses a meter. The code goes over the wire, so that both sides read it in their own language. */
export const PAUSE_REASONS = ["looking_up", "customer_asked", "our_fault", "break"] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

export const OUTCOMES = ["solved", "partly", "not_solved", "no_answer"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export function pauseReasonText(reason: PauseReason): string {
  switch (reason) {
    case "looking_up":
      return t("I am looking something up");
    case "customer_asked":
      return t("The customer asked for it");
    case "our_fault":
      return t("Something went wrong on our side");
    case "break":
      return t("Short break");
  }
}

export function outcomeText(outcome: Outcome): string {
  switch (outcome) {
    case "solved":
      return t("Solved");
    case "partly":
      return t("Partly solved");
    case "not_solved":
      return t("Not solved");
    case "no_answer":
      return t("Customer gone");
  }
}

/** Why credits go back, as in the admin (chat/admin.py). */
export function refundReasonText(reason: Reason): string {
  switch (reason) {
    case "not_solved":
      return t("Not solved");
    case "quality":
      return t("The help was not good enough");
    case "outage":
      return t("A fault of our system");
    case "mistake":
      return t("Charged by mistake");
    case "goodwill":
      return t("Goodwill");
    case "other":
      return t("Something else");
  }
}

/** Why a meter stands still, as staff say it. */
export function pausedText(reason: string | null): string {
  switch (reason) {
    case "agent":
    case "by_agent":
    case "manual":
    case "":
    case null:
      return t("paused");
    case "agent_away":
    case "agent_lost":
    case "staff_away":
      return t("paused, our connection was lost");
    case "customer_away":
    case "customer_lost":
      return t("paused, customer is away");
    case "handover":
    case "transfer":
      return t("paused, waits for a colleague");
    case "outage":
    case "hub_down":
    case "hub":
      return t("paused, our system was down");
    case "empty":
    case "grace":
    case "payment":
      return t("credit used up");
    case "most_to_spend":
      return t("customer's limit reached");
    default:
      return t("paused: {reason}", { reason: whyText(reason) });
  }
}

export function endedText(reason: EndReason | "" | null | undefined, customer: string): string {
  switch (reason) {
    case "customer":
      return t("{name} ended the chat", { name: customer });
    case "agent":
      return t("Ended by staff");
    case "inactive":
      return t("Ended because nobody wrote any more");
    case "empty":
      return t("Ended because the credit was used up");
    case "left_queue":
      return t("{name} left the queue", { name: customer });
    case "error":
      return t("Ended by a fault of ours");
    default:
      return t("The chat ended");
  }
}

/** One line of the transcript for what happened; where the customer reads something else, staff's words. */
export function happenedText(event: ChatEvent, who: string, customer: string): string {
  const reason = typeof event["reason"] === "string" ? event["reason"] : "";
  const name = [event["name"], event["by"], who].find((one): one is string => typeof one === "string" && one !== "") ?? "";
  switch (event.type) {
    case "ended":
      return endedText(reason as EndReason | "", customer);
    case "paused":
      return reason ? t("Meter off: {reason}", { reason: whyText(reason) }) : t("Meter off");
    case "left":
      return t("{name} is no longer there. {customer} is first in the queue again.", { name, customer });
    case "agent_away":
      return t("Our connection was lost. Meter off.");
    case "agent_back":
      return t("Our connection is back");
    case "customer_away":
      return t("{name} lost the connection. Meter off.", { name: customer });
    case "customer_back":
      return t("{name} is back", { name: customer });
    case "grace":
      return event["stopped_by"] === "most_to_spend" ? t("The customer's limit was reached. Meter off.") : eventText(event, who);
    default:
      return eventText(event, who);
  }
}

/** A reason that an agent chose, or wrote. */
function whyText(reason: string): string {
  return PAUSE_REASONS.some((known) => known === reason) ? pauseReasonText(reason as PauseReason) : reason.replaceAll("_", " ");
}

/** What a state means for the agent; nothing when all is as usual. */
export function stateText(session: Session): string {
  switch (session.state) {
    case "waiting":
      switch (session.reason) {
        case "payment":
          return t("Customer is adding credit");
        case "customer_away":
          return t("Customer is away");
        case "agent_away":
          return t("Waits for you");
        case "handover":
          return t("Waits for a colleague");
        case "grace":
          return t("Credit used up");
        default:
          return t("Waiting");
      }
    case "ended":
      return t("Ended");
    case "queued":
    case "offered":
    case "active":
      return "";
  }
}

export function refusalText(refusal: Refusal): string {
  switch (refusal.code) {
    case "taken":
      return refusal.by ? t("Taken by {name}", { name: refusal.by }) : t("Somebody else was first");
    case "offline":
      return t("No connection, so nothing was changed. Try again when you are back.");
    case "not_found":
      return t("This chat is no longer there.");
    case "ended":
      return t("This chat has ended.");
    default:
      return refusal.text || t("That did not work. Nothing was changed.");
  }
}

/** For what an HTTP request threw. */
export function problemText(problem: unknown): string {
  if (problem instanceof Problem)
    return problem.message || t("That did not work ({code}). Nothing was changed.", { code: problem.code });
  return t("No connection, so nothing was changed. Try again when you are back.");
}

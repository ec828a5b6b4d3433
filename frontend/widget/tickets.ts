/** Making a ticket from the widget: what a department takes, and what is sent (T1, T2, C2, M4, C12). */
import { ask, Problem } from "../shared/http.ts";
import { language } from "../shared/i18n.ts";
import type { Customer } from "./account.ts";
import type { Department } from "./departments.ts";

/** What is asked for: from a chat, or because nobody is there. */
export interface Wanted {
  readonly department: string;
  /** The chat that it comes out of; what was said and its files go along. */
  readonly session?: string;
  readonly subject?: string;
  /** What was typed. */
  readonly text?: string;
  /** The chat is over once the ticket is there. */
  readonly ends?: boolean;
}

export interface NewTicket {
  readonly department: string;
  readonly subject: string;
  readonly html: string;
  readonly from_session?: string;
  readonly price_m?: number;
  readonly files: readonly string[];
  readonly fields: Readonly<Record<string, string | boolean>>;
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly proof?: string;
  readonly channel: "chat";
}

/** Whether this person may send one there at all; a guest only where that is allowed and free. */
export function takesTicket(department: Department | undefined, customer: Customer | null): boolean {
  return Boolean(department?.ticket && (customer || department.ticket.guests));
}

/** The number. The same key is the same ticket, whatever happened to the answer. */
export async function sendTicket(made: NewTicket, key: string, token: string): Promise<string> {
  const headers = { "Idempotency-Key": key, "Accept-Language": language() };
  const { number } = await ask<{ number: string }>("/api/v1/tickets/", { method: "POST", body: made, token, headers, credentials: "omit" });
  return number;
}

/** The hub wants to see that a person sits there. */
export function wantsProof(problem: unknown): boolean {
  return problem instanceof Problem && problem.details["reason"] === "proof";
}

/** Letters as the hub's HTML: paragraphs and lines. */
export function htmlOf(text: string): string {
  const escape = (line: string) => line.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]!);
  return text.trim().split(/\n\s*\n/).filter(Boolean).map((part) => `<p>${part.split("\n").map(escape).join("<br>")}</p>`).join("");
}

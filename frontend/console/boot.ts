/** What the page was made with (templates/staff/console.html): who I am and where things are. */
import type { AgeLimits } from "../shared/age.ts";

import type { Me } from "./desk.ts";

export interface Boot {
  readonly me: Me;
  /** Names by id; the wire carries ids. */
  readonly departments: Readonly<Record<string, string>>;
  /** By department and key: what it asks before a chat. */
  readonly questions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly language: string;
  readonly csrf: string;
  readonly language_url: string;
  readonly queue_age: AgeLimits;
  readonly board_url: string;
  /** The list of customers; one of them is under it, by id. */
  readonly people_url: string;
  /** The page of a chat is under it, by id. */
  readonly chats_url: string;
  /** The list of tickets; one of them is under it, by number. */
  readonly tickets_url: string;
  readonly profile_url: string;
  readonly logout_url: string;
  readonly may_add_credits: boolean;
}

export function readBoot(): Boot {
  const element = document.getElementById("boot");
  if (!element) throw new Error("the page has no boot data");
  return JSON.parse(element.textContent) as Boot;
}

/** The live address of this host. */
export function liveUrl(path: string): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}

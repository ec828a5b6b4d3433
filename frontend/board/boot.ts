/** What the page was made with (templates/staff/board.html). */
import type { AgeLimits } from "../shared/age.ts";

export interface Boot {
  readonly me: { readonly id: string; readonly name: string; readonly topics: readonly string[]; readonly sees_meters: boolean };
  readonly departments: Readonly<Record<string, string>>;
  readonly language: string;
  readonly csrf: string;
  readonly language_url: string;
  readonly queue_age: AgeLimits;
}

export function readBoot(): Boot {
  const element = document.getElementById("boot");
  if (!element) throw new Error("the page has no boot data");
  return JSON.parse(element.textContent) as Boot;
}

/** How long somebody waits, in three steps that are shown by shape, colour and figure together. */
export type Age = "fresh" | "ageing" | "overdue";

export interface AgeLimits {
  readonly ageing_s: number;
  readonly overdue_s: number;
}

export const QUEUE_AGE: AgeLimits = { ageing_s: 120, overdue_s: 300 };

export function ageOf(seconds: number, limits: AgeLimits = QUEUE_AGE): Age {
  if (seconds >= limits.overdue_s) return "overdue";
  return seconds >= limits.ageing_s ? "ageing" : "fresh";
}

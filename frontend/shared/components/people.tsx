import { t } from "../i18n.ts";
import type { PresenceStatus } from "../protocol.ts";
import { presenceText } from "../words.ts";

/** Grounds of avatars, by id, so that a person keeps the same one everywhere. */
function tintOf(id: string): number {
  let sum = 0;
  for (const sign of id) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 6_000;
  return (sum % 6) + 1;
}

/** First letters of the first and the last name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => (word ? ([...word][0] ?? "") : ""));
  return letters.join("").toLocaleUpperCase();
}

export interface AvatarProps {
  readonly name: string;
  readonly id?: string | undefined;
  /** Rounded square: behind the counter. Round: in front of it. */
  readonly staff?: boolean;
  readonly presence?: PresenceStatus | undefined;
  readonly size?: "sm" | "md" | "lg";
}

export function Avatar({ name, id, staff, presence, size = "md" }: AvatarProps) {
  const classes = ["av", staff ? "staff" : "", `t${tintOf(id || name)}`, size === "md" ? "" : size].filter(Boolean).join(" ");
  return (
    <span class={classes} aria-hidden={presence ? undefined : "true"}>
      <span aria-hidden="true">{initials(name)}</span>
      {presence && <Presence status={presence} />}
    </span>
  );
}

/** Full disc, disc with bar, half disc, ring: the shape says it too. */
export function Presence({ status, quiet }: { readonly status: PresenceStatus; readonly quiet?: boolean }) {
  const label = presenceText(status);
  return <span class={`pres ${status}`} {...(quiet ? { "aria-hidden": "true" as const } : { role: "img" as const, "aria-label": label })} />;
}

/** How old something is: disc, triangle, octagon, always with the figure. Limits in seconds. */
export function Age({ seconds, ageing_s, overdue_s, children }: {
  readonly seconds: number; readonly ageing_s: number; readonly overdue_s: number; readonly children: string;
}) {
  const age = seconds >= overdue_s ? "overdue" : seconds >= ageing_s ? "ageing" : "fresh";
  const label = { fresh: t("Fresh"), ageing: t("Ageing"), overdue: t("Overdue") }[age];
  return <span class={`age ${age}`}><span class="sr">{label}</span>{children}</span>;
}

/** One bar per chat that somebody can take. */
export function Capacity({ taken, of }: { readonly taken: number; readonly of: number }) {
  return (
    <span class="cap" role="img" aria-label={t("{taken} of {of} chats", { taken, of })}>
      {Array.from({ length: of }, (_, place) => <i class={place < taken ? "on" : ""} />)}
    </span>
  );
}

import { h } from "preact";

/** Drawings of an icon: tag and attributes, made from lucide's files at build time (frontend/build/icons.ts). */
export type Drawing = readonly (readonly [string, Readonly<Record<string, string>>])[];

export interface IconProps {
  readonly of: Drawing;
  readonly size?: "sm" | "md" | "lg";
  /** Points somewhere: mirrored where the script runs from right to left. */
  readonly flip?: boolean;
  readonly class?: string;
}

export function Icon({ of, size = "md", flip = false, class: extra }: IconProps) {
  const classes = ["i", size === "md" ? "" : size, flip ? "flip" : "", extra ?? ""].filter(Boolean).join(" ");
  return (
    <svg class={classes} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {of.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}

/** The mark: a bell on a counter. Ours, not lucide's. */
export const BELL: Drawing = [
  ["path", { d: "M4.5 16.5a7.5 7.5 0 0 1 15 0M2.5 19.5h19M12 9V6.4" }],
  ["circle", { cx: "12", cy: "4.9", r: "1.4" }],
];

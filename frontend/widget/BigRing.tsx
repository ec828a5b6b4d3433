import type { ComponentChildren } from "preact";

import { Ring } from "../shared/components/MeterStrip.tsx";

export interface BigRingProps {
  readonly left: number;
  readonly look?: "ok" | "low";
  readonly figure: ComponentChildren;
  readonly title: string;
  readonly text: string;
  readonly small?: boolean;
  readonly children?: ComponentChildren;
}

/** Where one stands before the chat: a place in the queue, or one that is kept. */
export function BigRing({ left, look = "ok", figure, title, text, small, children }: BigRingProps) {
  return (
    <div class={small ? "big-ring small" : "big-ring"}>
      <Ring left={left} look={look} size="xl">{figure}</Ring>
      <div role="status"><h2>{title}</h2><p>{text}</p></div>
      {children}
    </div>
  );
}

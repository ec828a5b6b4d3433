/** How the first load gets at what comes later (later.ts). Frame.tsx says when it does not come. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

import { Part } from "./part.ts";

export type Later = typeof import("./later.ts");

export const later = new Part<Later>(() => import("./later.ts"));

export type Beyond = typeof import("./beyond.ts");

/** Files and tickets: on first use, and no sooner. */
export const beyond = new Part<Beyond>(() => import("./beyond.ts"));

/** When the browser has nothing else to do, so that it is there when the line is not. Safari does not tell when that is. */
export function fetchLaterWhenIdle(): void {
  const deed = () => void later.fetch();
  if ("requestIdleCallback" in globalThis) requestIdleCallback(deed);
  else setTimeout(deed, 2_000);
}

/** Null until it is here. With `wanted` it is fetched at once. */
export function useLater(wanted = true): Later | null {
  useEffect(() => {
    if (wanted) void later.want();
  }, [wanted]);
  return later.module.value;
}

/** As useLater(), of beyond.ts. */
export function useBeyond(wanted = true): Beyond | null {
  useEffect(() => {
    if (wanted) void beyond.want();
  }, [wanted]);
  return beyond.module.value;
}

export function Late({ children, meanwhile }: {
  readonly children: (here: Later) => ComponentChildren; readonly meanwhile?: ComponentChildren;
}) {
  const here = useLater();
  return <>{here ? children(here) : meanwhile}</>;
}

import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Boot } from "./boot.ts";
import type { Desk } from "./desk.ts";
import type { Sounds } from "./sounds.ts";

/** What every view may use. */
export interface Console {
  readonly boot: Boot;
  readonly desk: Desk;
  readonly sounds: Sounds;
}

export const ConsoleContext = createContext<Console | null>(null);

export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (!found) throw new Error("a view outside the console");
  return found;
}

export function useDesk(): Desk {
  return useConsole().desk;
}

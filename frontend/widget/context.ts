import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Shelf } from "../shared/storage.ts";
import type { Bridge } from "./bridge.ts";
import type { Visit } from "./visit.ts";

export interface Place {
  readonly visit: Visit;
  readonly bridge: Bridge;
  readonly site: string;
  /** Survives the tab. */
  readonly lasting: Shelf;
  /** Survives a reload. */
  readonly passing: Shelf;
  /** The name of the site, for the header. */
  readonly name: string;
  /** The languages that the brand offers. */
  readonly offered: readonly string[];
  /** Where a customer's tickets stand, one of them under its number; empty where there are no such pages. */
  readonly tickets_url: string;
  readonly minimise: () => void;
  /** Loads the widget's page again; undefined where the browser keeps nothing over that. */
  readonly anew: (() => void) | undefined;
  readonly speak: (language: string) => Promise<void>;
}

const Context = createContext<Place | null>(null);
export const PlaceProvider = Context.Provider;

export function usePlace(): Place {
  const place = useContext(Context);
  if (!place) throw new Error("Outside the widget");
  return place;
}

/** Which view stands over the chat; chosen by the person. */
export type Detour = "sign_in" | null;

/** Files in the widget (C8): who asks is said with each request, since no cookie is theirs. */
import { type Headers, Tray } from "../shared/chatFiles.ts";
import { filesShown } from "../shared/components/chatFiles.tsx";
import type { Visit } from "./visit.ts";

const trays = new Map<string, Tray>();
const shown = new WeakMap<Visit, ReturnType<typeof filesShown>>();

export function headersOf(visit: Visit): Headers {
  return async () => ({ Authorization: `Bearer ${await visit.account.token()}` });
}

/** One for each chat, and one for the form. */
export function trayOf(visit: Visit, name: string): Tray {
  const known = trays.get(name) ?? new Tray(headersOf(visit));
  trays.set(name, known);
  return known;
}

export function Files(visit: Visit): ReturnType<typeof filesShown> {
  const known = shown.get(visit) ?? filesShown(headersOf(visit));
  shown.set(visit, known);
  return known;
}

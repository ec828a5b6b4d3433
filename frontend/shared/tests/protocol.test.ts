import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { protocolTypes, TYPES } from "../../build/protocol.ts";
import type { FromStaff, FromVisitor, Message as HubMessage, ToStaff, ToVisitor } from "../protocol.generated.d.ts";
import type { ClientFrame, Message, ServerFrame } from "../protocol.ts";

/** The hub leaves out what is null. */
type Present<T> = T extends readonly (infer Item)[] ? Present<Item>[]
  : T extends object ? { [Key in keyof T]: Present<Exclude<T[Key], null>> } : T;

/** Held by the compiler (`npm run check`): what the hub sends fits our frames, and what we send fits the hub's. */
export const received = (frame: Present<Exclude<ToVisitor | ToStaff, { type: "offer" | "message" | "backlog" }>>): ServerFrame => frame;
/** The schema does not say that an event has a type; the tests of the hub do. */
export const said = (message: Omit<HubMessage, "event">): Omit<Message, "event"> => message;
export const sent = (frame: ClientFrame): FromVisitor | FromStaff => frame;

test("the types were made from the schema as it is now", async () => {
  expect(await protocolTypes()).toBe(readFileSync(TYPES, "utf8"));
});

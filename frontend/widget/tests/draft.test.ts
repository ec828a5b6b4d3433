import { expect, test } from "vitest";

import { MemoryShelf } from "../../shared/storage.ts";
import { Draft, parseCredits, type TicketText } from "../draft.ts";

test("C1: credits as people type them", () => {
  expect(["12", "12.5", "12,5", " 7 ", "۱۲٫۵", "0.125"].map(parseCredits)).toEqual([12_000, 12_500, 12_500, 7_000, 12_500, 125]);
  expect(["", "0", "-3", "1.2345", "abc", "1e9", "1 000"].map(parseCredits)).toEqual(Array(7).fill(undefined));
});

test("C2: a ticket that is being written outlives a reload, for the chat or the department that it was begun for", () => {
  const shelf = new MemoryShelf();
  const guest = { name: "", email: "", again: "", phone: "" };
  const written = { wanted: { department: "1", session: "s" }, open: true, subject: "Fire", text: "Still", fields: {}, guest, key: "k" } satisfies TicketText;
  new Draft("K", shelf).set({ ticket: written });
  const again = new Draft("K", shelf);
  expect(again.ticketFor({ department: "1", session: "s" })).toEqual(written);
  expect(again.ticketFor({ department: "1", session: "t" })).toBeUndefined();
  expect(again.ticketFor({ department: "1" })).toBeUndefined();
});

import { describe, expect, it } from "vitest";

import { Problem } from "../../shared/http.ts";
import type { Department } from "../departments.ts";
import { htmlOf, takesTicket, wantsProof } from "../tickets.ts";

const department = (ticket: Department["ticket"]) => ({ id: "1", name: "Support", ticket }) as Department;
const customer = { name: "Sanne" } as Parameters<typeof takesTicket>[1];

describe("tickets from the widget", () => {
  it("T1: a guest only where the department takes guests", () => {
    expect(takesTicket(department({ price_m: 0, guests: true, fields: [] }), null)).toBe(true);
    expect(takesTicket(department({ price_m: 0, guests: false, fields: [] }), null)).toBe(false);
    expect(takesTicket(department({ price_m: 2000, guests: false, fields: [] }), customer)).toBe(true);
    expect(takesTicket(department(undefined), customer), "an older hub says nothing of it").toBe(false);
  });

  it("X3: letters stay letters", () => {
    expect(htmlOf("a <b> & c\nnext\n\nsecond")).toBe("<p>a &lt;b&gt; &amp; c<br>next</p><p>second</p>");
    expect(htmlOf("  \n ")).toBe("");
  });

  it("T1: knows when the hub wants a proof", () => {
    expect(wantsProof(new Problem(403, "forbidden", "", { reason: "proof" }))).toBe(true);
    expect(wantsProof(new Problem(403, "forbidden", "", { reason: "sign_in" }))).toBe(false);
  });
});

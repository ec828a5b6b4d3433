import { expect, test } from "vitest";

import { weights } from "../sizes.ts";

test("U3: loader and widget, as they were built, are no heavier than they may be", () => {
  for (const { what, bytes, bytes_max } of weights()) expect(bytes, what).toBeLessThanOrEqual(bytes_max);
});

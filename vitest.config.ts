import { defineConfig } from "vitest/config";

import { icons } from "./frontend/build/icons.ts";

export default defineConfig({
  plugins: [icons()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    include: ["frontend/**/tests/*.test.{ts,tsx}"],
    environment: "happy-dom",
    // Two cores, shared with databases and browsers.
    maxWorkers: 2,
    sequence: { shuffle: true },
  },
});

/** What the builds of the hub's pages have in common. */
import preact from "@preact/preset-vite";
import type { UserConfig } from "vite";

import { icons } from "./icons.ts";

/** Browsers with light-dark() and oklch(): nothing is rewritten into twice the bytes for older ones. */
export const BROWSERS = ["chrome123", "edge123", "firefox121", "safari17.5"];

/** Names of entries are their paths: `{% vite_asset "frontend/console/main.tsx" %}`. */
export function pages(input: readonly string[], base: string, outDir: string): UserConfig {
  return {
    base,
    plugins: [icons(), preact({ devToolsEnabled: false })],
    build: {
      outDir,
      emptyOutDir: true,
      manifest: true,
      target: BROWSERS,
      cssTarget: BROWSERS,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { input: [...input] },
    },
    worker: { format: "es" },
  };
}

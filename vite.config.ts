/** The pages of the hub: widget frame, console, board and the styles of the plain pages. The loader has its own (vite.loader.config.ts). */
import preact from "@preact/preset-vite";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

import { icons } from "./frontend/build/icons.ts";

/** Names of the entries are their paths: `{% vite_asset "frontend/widget/main.tsx" %}`. */
const ENTRIES = [
  "frontend/widget/main.tsx",
  "frontend/console/main.tsx",
  "frontend/board/main.tsx",
  "frontend/demo/main.ts",
  "frontend/pages/main.ts",
];

/** Browsers with light-dark() and oklch(): nothing is rewritten into twice the bytes for older ones. */
export const BROWSERS = ["chrome123", "edge123", "firefox121", "safari17.5"];

export default defineConfig({
  base: "/static/",
  plugins: [icons(), preact({ devToolsEnabled: false })],
  resolve: { alias: { "@shared": fileURLToPath(new URL("./frontend/shared", import.meta.url)) } },
  build: {
    outDir: "frontend/dist",
    emptyOutDir: true,
    manifest: true,
    target: BROWSERS,
    cssTarget: BROWSERS,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ENTRIES.filter((entry) => existsSync(entry)) },
  },
  worker: { format: "es" },
});

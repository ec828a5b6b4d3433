/** The loader that other people's pages include: one classic script under a name that never changes. */
import { defineConfig } from "vite";

import { languages, poPath } from "./frontend/build/catalogs.ts";
import { readPo } from "./frontend/build/po.ts";

/** The loader's one text in every language; more would not fit. */
const TEXT = "Open the chat";

function labels(): Record<string, string> {
  const translated = languages().map((language) => [language, readPo(poPath(language)).entries.get(TEXT)?.texts[0] || TEXT]);
  return Object.fromEntries([["en", TEXT], ...translated]) as Record<string, string>;
}

export default defineConfig({
  define: { LABELS: JSON.stringify(labels()) },
  build: {
    outDir: "frontend/dist",
    emptyOutDir: false,
    target: ["chrome123", "edge123", "firefox121", "safari17.5"],
    lib: { entry: "frontend/loader/loader.ts", formats: ["iife"], name: "balieLoader", fileName: () => "widget.js" },
    rollupOptions: { output: { strict: true } },
  },
});

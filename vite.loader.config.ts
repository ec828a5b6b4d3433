/** The loader that other people's pages include: one classic script under a name that never changes. */
import { defineConfig } from "vite";

import { LOADER_TEXT, languages, poPath } from "./frontend/build/catalogs.ts";
import { readPo } from "./frontend/build/po.ts";

/** By language, where it is not the same word. */
function labels(): Record<string, string> {
  const translated = languages().map((language) => [language, readPo(poPath(language)).entries.get(LOADER_TEXT)?.texts[0] || LOADER_TEXT]);
  return Object.fromEntries(translated.filter(([, label]) => label !== LOADER_TEXT)) as Record<string, string>;
}

export default defineConfig({
  define: { LABELS: JSON.stringify(labels()), LABEL: JSON.stringify(LOADER_TEXT) },
  build: {
    outDir: "frontend/dist",
    emptyOutDir: false,
    target: ["chrome123", "edge123", "firefox121", "safari17.5"],
    lib: { entry: "frontend/loader/loader.ts", formats: ["iife"], name: "balieLoader", fileName: () => "widget.js" },
    rollupOptions: { output: { strict: true } },
  },
});

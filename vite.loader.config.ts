/** The loader that other people's pages include: one classic script under a name that never changes. */
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    outDir: "frontend/dist",
    emptyOutDir: false,
    // Runs on anybody's page: no syntax newer than that page may expect.
    target: "es2020",
    lib: { entry: "frontend/loader/loader.ts", formats: ["iife"], name: "balieLoader", fileName: () => "widget.js" },
  },
});

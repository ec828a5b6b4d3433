/** The widget, by itself: it shares source with the pages of staff and no bundle, so that it stays small. */
import { defineConfig } from "vite";

import { icons } from "./frontend/build/icons.ts";
import { firstLoad, plainImports, usedTokens } from "./frontend/build/lean.ts";
import { pages } from "./frontend/build/vite.ts";

const SHEETS = ["frontend/shared/fonts.css", "frontend/shared/components.css", "frontend/widget/widget.css", "frontend/widget/later.css", "frontend/widget/beyond.css", "frontend/shared/chatFiles.css"];

const ENTRY = "frontend/widget/main.tsx";
const first = firstLoad(ENTRY);
const { build, ...rest } = pages([ENTRY], "/static/widget/", "frontend/dist/widget");

export default defineConfig({
  ...rest,
  build: {
    ...build,
    rollupOptions: { ...build?.rollupOptions, output: { advancedChunks: { groups: [{ name: "first", test: first.needed }] } } },
  },
  plugins: [icons(), plainImports(), usedTokens(SHEETS), first.plugin],
  // Calls of `h` are shorter than those of the JSX runtime.
  oxc: {
    jsx: { runtime: "classic", pragma: "make", pragmaFrag: "Several" },
    jsxInject: 'import { h as make, Fragment as Several } from "preact";',
  },
});

/** The widget, by itself: it shares source with the pages of staff and no bundle, so that it stays small. */
import { defineConfig } from "vite";

import { icons } from "./frontend/build/icons.ts";
import { plainImports, usedTokens } from "./frontend/build/lean.ts";
import { pages } from "./frontend/build/vite.ts";

const SHEETS = ["frontend/shared/fonts.css", "frontend/shared/components.css", "frontend/widget/widget.css", "frontend/widget/later.css"];

export default defineConfig({
  ...pages(["frontend/widget/main.tsx"], "/static/widget/", "frontend/dist/widget"),
  plugins: [icons(), plainImports(), usedTokens(SHEETS)],
  // Calls of `h` are shorter than those of the JSX runtime.
  oxc: {
    jsx: { runtime: "classic", pragma: "make", pragmaFrag: "Several" },
    jsxInject: 'import { h as make, Fragment as Several } from "preact";',
  },
});

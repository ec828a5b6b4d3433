/** The widget, by itself: it shares source with the pages of staff and no bundle, so that it stays small. */
import { defineConfig } from "vite";

import { pages } from "./frontend/build/vite.ts";

export default defineConfig(pages(["frontend/widget/main.tsx"], "/static/widget/", "frontend/dist/widget"));

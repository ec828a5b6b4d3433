/** The pages of the hub but the widget: console, board, demo shop and the styles of the plain pages. Run first: it empties frontend/dist. */
import { existsSync } from "node:fs";
import { defineConfig } from "vite";

import { pages } from "./frontend/build/vite.ts";

const ENTRIES = ["frontend/console/main.tsx", "frontend/board/main.tsx", "frontend/demo/main.ts", "frontend/pages/main.ts", "frontend/pages/portal.ts", "frontend/pages/editing.ts", "frontend/pages/tickets.ts", "frontend/pages/conversation.ts", "frontend/pages/admin.ts", "frontend/pages/desk.ts"];

export default defineConfig(pages(ENTRIES.filter((entry) => existsSync(entry)), "/static/", "frontend/dist"));

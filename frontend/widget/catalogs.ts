import type { Catalogs } from "../shared/speech.ts";

export const catalogs: Catalogs = import.meta.glob("../locale/json/widget.*.json", { import: "default" });

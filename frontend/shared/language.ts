/** The catalogs of the staff's pages, by the name of the page: "console", "board". */
import { type Catalogs, languagesIn, speak } from "./speech.ts";

const CATALOGS: Readonly<Record<string, Catalogs>> = {
  board: import.meta.glob("../locale/json/board.*.json", { import: "default" }),
  console: import.meta.glob("../locale/json/console.*.json", { import: "default" }),
};

export function languagesOf(page: string): readonly string[] {
  return languagesIn(CATALOGS[page] ?? {});
}

export function loadLanguage(page: string, language?: string): Promise<void> {
  return speak(CATALOGS[page] ?? {}, language);
}

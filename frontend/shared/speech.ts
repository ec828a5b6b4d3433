/** Which language a page speaks, and the catalogs it has. English texts stand in the code, so English loads nothing. */
import { type Catalog, direction, setLanguage } from "./i18n.ts";

/** How to load each catalog, by its path: …/widget.nl.json. What `import.meta.glob` makes. */
export type Catalogs = Readonly<Record<string, () => Promise<unknown>>>;

const LANGUAGE = /\.([\w-]+)\.json$/;

/** Languages that there is a catalog for, the code's own first. */
export function languagesIn(catalogs: Catalogs): readonly string[] {
  return ["en", ...Object.keys(catalogs).map(languageOf).sort()];
}

/** A language in its own words: Hrvatski. */
export function ownName(code: string): string {
  const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
}

/**
 * Speaks `language` from now on, or English where there is no catalog of it, and says so to the page.
 * Numbers and direction follow the language that was asked for.
 */
export async function speak(catalogs: Catalogs, language: string = document.documentElement.lang || "en"): Promise<void> {
  const paths = Object.keys(catalogs);
  const path = paths.find((each) => languageOf(each) === language) ?? paths.find((each) => languageOf(each) === language.split("-")[0]);
  let catalog: Catalog = {};
  try {
    if (path) catalog = (await catalogs[path]!()) as Catalog;
  } catch {
    // Without the catalog the page speaks English, which is better than not at all.
  }
  setLanguage(language, catalog);
  document.documentElement.lang = language;
  document.documentElement.dir = direction(language);
}

function languageOf(path: string): string {
  return LANGUAGE.exec(path)?.[1] ?? "";
}

/** Loads the catalog of a page. English texts stand in the code, so English loads nothing. */
import { type Catalog, direction, setLanguage } from "./i18n.ts";

const catalogs = import.meta.glob<Catalog>("../locale/json/*.json", { import: "default" });

/** Languages that there is a catalog for, the code's own first. */
export function languagesOf(bundle: string): readonly string[] {
  const prefix = `../locale/json/${bundle}.`;
  const translated = Object.keys(catalogs).filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length, -".json".length));
  return ["en", ...translated.sort()];
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
export async function loadLanguage(bundle: string, language: string = document.documentElement.lang || "en"): Promise<void> {
  const exact = catalogs[`../locale/json/${bundle}.${language}.json`];
  const load = exact ?? catalogs[`../locale/json/${bundle}.${language.split("-")[0]}.json`];
  let catalog: Catalog = {};
  try {
    catalog = (await load?.()) ?? {};
  } catch {
    // Without the catalog the page speaks English, which is better than not at all.
  }
  setLanguage(language, catalog);
  document.documentElement.lang = language;
  document.documentElement.dir = direction(language);
}

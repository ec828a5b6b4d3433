/**
 * .po to the JSON that pages load: per page and language only what that page says, so that the widget stays small.
 * Run by `npm run build`. Names what is not translated yet; tests/catalogs.test.ts fails on it.
 * With `--list`: every text of every page and the files that say it, for `make messages`.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import { type Message, filesOf, messagesIn, messagesOf } from "./messages.ts";
import { type PoFile, readPo } from "./po.ts";

const ROOT = join(import.meta.dirname, "../..");
const LOCALE = join(ROOT, "frontend/locale");
const JSON_DIRECTORY = join(LOCALE, "json");
export const BUNDLES: Readonly<Record<string, string>> = {
  widget: join(import.meta.dirname, "../widget/main.tsx"),
  console: join(import.meta.dirname, "../console/main.tsx"),
  board: join(import.meta.dirname, "../board/main.tsx"),
  editing: join(import.meta.dirname, "../pages/editing.ts"),
};

/** The loader's one text in every language; more would not fit. vite.loader.config.ts puts it in. */
export const LOADER_TEXT = "Chat";

export interface Said {
  readonly one: string;
  readonly other?: string;
  readonly files: readonly string[];
}

/** Languages with a catalog for pages; English needs none. */
export function languages(): readonly string[] {
  return readdirSync(LOCALE).filter((name) => existsSync(poPath(name))).sort();
}

export function poPath(language: string): string {
  return join(LOCALE, language, "LC_MESSAGES/djangojs.po");
}

/** Every text that any page of the browser says, and which files of ours say it. */
export function everything(): readonly Said[] {
  const said = new Map<string, { one: string; other?: string; files: string[] }>();
  const sources = new Set(Object.values(BUNDLES).flatMap(filesOf));
  const loader: Message = { one: LOADER_TEXT, file: join(ROOT, "frontend/loader/loader.ts") };
  for (const { file, ...message } of [loader, ...[...sources].flatMap(messagesIn)]) {
    const known = said.get(message.one) ?? { files: [], ...message };
    said.set(message.one, { ...known, ...message, files: [...new Set([...known.files, relative(ROOT, file)])] });
  }
  return [...said.values()];
}

/** What a bundle says and the catalog does not have. */
export function missing(po: PoFile, messages: readonly Message[]): readonly string[] {
  return messages.filter(({ one }) => !po.entries.get(one)?.texts.every(Boolean)).map(({ one }) => one);
}

function catalogOf(po: PoFile, messages: readonly Message[], language: string): Record<string, unknown> {
  const catalog: Record<string, unknown> = {};
  for (const { one, other } of messages) {
    const texts = po.entries.get(one)?.texts;
    if (!texts?.every(Boolean)) continue;
    catalog[one] = other === undefined ? texts[0] : pluralForms(texts, po, language);
  }
  return catalog;
}

/** The forms under Intl's names for them; which is which is found by asking both about numbers. */
function pluralForms(texts: readonly string[], po: PoFile, language: string): Record<string, string> {
  const rules = new Intl.PluralRules(language);
  const forms: Record<string, string> = { other: texts.at(-1)! };
  for (let n = 0; n <= 200; n++) forms[rules.select(n)] = texts[po.formOf(n)] ?? texts.at(-1)!;
  return forms;
}

function build(): void {
  rmSync(JSON_DIRECTORY, { recursive: true, force: true });
  mkdirSync(JSON_DIRECTORY, { recursive: true });
  for (const language of languages()) {
    const po = readPo(poPath(language));
    for (const [bundle, entry] of Object.entries(BUNDLES)) {
      const messages = messagesOf(entry);
      const lacking = missing(po, messages);
      if (lacking.length) console.warn(`${bundle}, ${language}: ${lacking.length} texts without translation`);
      writeFileSync(join(JSON_DIRECTORY, `${bundle}.${language}.json`), JSON.stringify(catalogOf(po, messages, language)));
    }
  }
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes("--list")) process.stdout.write(JSON.stringify(everything()));
  else build();
}

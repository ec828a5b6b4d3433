/** Reads gettext's .po files, as far as ours go: no contexts, no obsolete entries. */
import { readFileSync } from "node:fs";

export interface Entry {
  readonly one: string;
  readonly other?: string;
  /** One text, or the plural forms in the order of the file's Plural-Forms. */
  readonly texts: readonly string[];
}

export interface PoFile {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Which form a number takes, by the header. */
  readonly formOf: (n: number) => number;
}

export function readPo(path: string): PoFile {
  const entries = new Map<string, Entry>();
  let header = "";
  for (const block of readFileSync(path, "utf8").split(/\n\s*\n/)) {
    const fields = fieldsOf(block);
    const one = fields.get("msgid");
    if (one === undefined) continue;
    const texts = [...fields].filter(([name]) => name.startsWith("msgstr")).map(([, text]) => text);
    if (one === "") header = texts[0] ?? "";
    else if (entries.has(one)) throw new Error(`${path}: "${one}" stands there twice`);
    else entries.set(one, { one, texts, ...(fields.has("msgid_plural") ? { other: fields.get("msgid_plural")! } : {}) });
  }
  return { entries, formOf: pluralOf(header) };
}

function fieldsOf(block: string): Map<string, string> {
  const fields = new Map<string, string>();
  let name = "";
  for (const line of block.split("\n")) {
    const start = /^(msgid_plural|msgid|msgstr(?:\[\d\])?)\s+(".*")\s*$/.exec(line);
    if (start) fields.set((name = start[1]!), JSON.parse(start[2]!) as string);
    else if (/^".*"\s*$/.test(line) && name) fields.set(name, fields.get(name) + (JSON.parse(line) as string));
  }
  return fields;
}

/** The header's C expression. The file is ours, so it may be run; anything but an expression of `n` is refused. */
function pluralOf(header: string): (n: number) => number {
  const expression = /plural\s*=\s*([^;]+)/.exec(header)?.[1] ?? "n != 1";
  if (!/^[n\d\s()!=<>&|?:%+-]+$/.test(expression)) throw new Error(`No plural expression: ${expression}`);
  return new Function("n", `return Number(${expression});`) as (n: number) => number;
}

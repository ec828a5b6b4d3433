/** Finds the texts that the sources ask the catalogs for. Texts are literals: `t("…")`, `tn("one", "other", n)`. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export interface Message {
  readonly one: string;
  /** With `tn`: the form for more than one. */
  readonly other?: string;
  readonly file: string;
}

const IMPORT = /(?:from|import)\s*\(?\s*"(\.[^"]+\.tsx?)"/g;
const CALL = /\b(tn?)\(\s*("(?:[^"\\]|\\.)*")(?:\s*,\s*("(?:[^"\\]|\\.)*"))?/g;
const COMMENTS = /\/\*[\s\S]*?\*\/|(^|[^:"'`\\])\/\/[^\n]*/g;

/** All texts of an entry and of what it imports. */
export function messagesOf(entry: string): readonly Message[] {
  const found = new Map<string, Message>();
  for (const file of filesOf(entry)) for (const message of messagesIn(file)) found.set(message.one, message);
  return [...found.values()].sort((one, other) => one.one.localeCompare(other.one));
}

/** An entry and every file of ours that it imports, directly or not. */
export function filesOf(entry: string): readonly string[] {
  const seen = new Set<string>();
  const open = [resolve(entry)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file) || !existsSync(file)) continue;
    seen.add(file);
    for (const [, path] of readFileSync(file, "utf8").matchAll(IMPORT)) open.push(join(dirname(file), path!));
  }
  return [...seen];
}

export function messagesIn(file: string): readonly Message[] {
  const source = readFileSync(file, "utf8").replace(COMMENTS, "$1");
  return [...source.matchAll(CALL)].map(([, call, one, other]) => ({
    one: JSON.parse(one!) as string,
    ...(call === "tn" ? { other: JSON.parse(other ?? one!) as string } : {}),
    file,
  }));
}

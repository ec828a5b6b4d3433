/** Weighs what visitors load, packed as it goes over the wire. `npm run build` prints it; tests/sizes.test.ts holds it to its limits. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const DIST = join(import.meta.dirname, "../dist");
export const KIB = 1024;

interface ManifestEntry {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

export interface Weight {
  readonly what: string;
  readonly bytes: number;
  readonly bytes_max: number;
}

/**
 * The loader is on every page of a shop, so it is held to what issue and rules ask. The widget comes on the first open: all that is
 * needed until a chat runs. tests/browser/test_widget_parts.py lets a chat run on just that.
 */
export function weights(): readonly Weight[] {
  return [
    { what: "loader", bytes: packed(join(DIST, "widget.js")), bytes_max: 2 * KIB },
    { what: "widget", bytes: weightOf(join(DIST, "widget"), "frontend/widget/main.tsx"), bytes_max: 39.5 * KIB },
    { what: "what comes later", bytes: packed(fileOf(join(DIST, "widget"), "frontend/widget/later.ts")), bytes_max: 12 * KIB },
    { what: "files and tickets", bytes: packed(fileOf(join(DIST, "widget"), "frontend/widget/beyond.ts")), bytes_max: 9 * KIB },
    // Beside it a reader loads the texts of one language, and an English one none.
    { what: "widget's texts", bytes: Math.max(0, ...textsOf(join(DIST, "widget"), "widget")), bytes_max: 8 * KIB },
  ];
}

function manifestOf(directory: string): Readonly<Record<string, ManifestEntry>> {
  return JSON.parse(readFileSync(join(directory, ".vite/manifest.json"), "utf8")) as Record<string, ManifestEntry>;
}

function fileOf(directory: string, entry: string): string {
  return join(directory, manifestOf(directory)[entry]!.file);
}

/** Each language's texts of a page. */
function textsOf(directory: string, bundle: string): readonly number[] {
  const manifest = manifestOf(directory);
  const names = Object.keys(manifest).filter((name) => name.startsWith(`frontend/locale/json/${bundle}.`));
  return names.map((name) => packed(join(directory, manifest[name]!.file)));
}

/** Script and styles of an entry with what it imports at once; fonts and what is loaded later do not count. */
function weightOf(directory: string, entry: string): number {
  const manifest = manifestOf(directory);
  const files = new Set<string>();
  const open = [entry];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const { file, css = [], imports = [] } = manifest[name]!;
    for (const path of [file, ...css]) files.add(path);
    open.push(...imports);
  }
  return [...files].reduce((sum, file) => sum + packed(join(directory, file)), 0);
}

function packed(path: string): number {
  return gzipSync(readFileSync(path), { level: 9 }).length;
}

if (process.argv[1] === import.meta.filename) {
  for (const { what, bytes, bytes_max } of weights()) console.log(`${what}: ${(bytes / KIB).toFixed(1)} of ${bytes_max / KIB} KiB gzip`);
}

/** Weighs what other people's pages and visitors load, packed as it goes over the wire, and stops the build when it is too much. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const DIST = join(import.meta.dirname, "../dist");
const KIB = 1024;

interface ManifestEntry {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

function packed(path: string): number {
  return gzipSync(readFileSync(path), { level: 9 }).length;
}

/** Script and styles of an entry with what it imports at once; fonts and what is loaded later do not count. */
function weightOf(directory: string, entry: string): number {
  const manifest = JSON.parse(readFileSync(join(directory, ".vite/manifest.json"), "utf8")) as Record<string, ManifestEntry>;
  const files = new Set<string>();
  const open = [entry];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const { file, css = [], imports = [] } = manifest[name]!;
    for (const path of [file, ...css]) files.add(path);
    open.push(...imports);
  }
  return [...files].reduce((sum, file) => sum + packed(join(directory, file)), 0);
}

const weights = [
  { what: "loader", bytes: packed(join(DIST, "widget.js")), max: 2 * KIB },
  { what: "widget", bytes: weightOf(join(DIST, "widget"), "frontend/widget/main.tsx"), max: 44 * KIB },
];
for (const { what, bytes, max } of weights) {
  console.log(`${what}: ${(bytes / KIB).toFixed(1)} KiB gzip of ${max / KIB} KiB`);
  if (bytes > max) process.exitCode = 1;
}

/**
 * `import drawing from "lucide-static/icons/x.svg?icon"`: the SVG as data, so that icons are made as elements. Nothing is ever
 * parsed from text in the browser, which a strict Content-Security-Policy with Trusted Types would refuse.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const QUERY = "?icon";
const SHAPE = /<(path|circle|rect|line|polyline|polygon|ellipse)\s([^>]*?)\/?>/g;
const ATTRIBUTE = /([\w-]+)="([^"]*)"/g;

export function icons(): Plugin {
  const require = createRequire(import.meta.url);
  return {
    name: "balie-icons",
    enforce: "pre",
    resolveId(source) {
      if (!source.endsWith(`.svg${QUERY}`)) return undefined;
      // A name without the ending of a picture, or the bundler would treat it as one.
      return `\0icon:${require.resolve(source.slice(0, -QUERY.length))}:icon`;
    },
    load(id) {
      if (!id.startsWith("\0icon:")) return undefined;
      const svg = readFileSync(id.slice("\0icon:".length, -":icon".length), "utf8");
      const shapes = [...svg.matchAll(SHAPE)].map(([, tag, attributes]) => [
        tag,
        Object.fromEntries([...(attributes ?? "").matchAll(ATTRIBUTE)].map(([, name, value]) => [name, value])),
      ]);
      return { code: `export default ${JSON.stringify(shapes)};`, moduleSideEffects: false };
    },
  };
}

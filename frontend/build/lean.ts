/** What makes the widget's build smaller than the bundler does by itself. Its visitors pay for each byte on a page of somebody else. */
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const HELPER = "\0vite/preload-helper.js";
const USE = /var\(\s*(--[\w-]+)/g;
/** One token with its value, in which brackets may stand within brackets. */
const TOKEN = /(--[\w-]+):(?:[^;{}()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*;/g;

/** Only screens of staff and of the portal are dense. */
const DENSITY = /^\[data-density[^{]*\{[^}]*\}/m;

/** Imports of the widget have no other files beside them, so nothing is preloaded for them. */
export function plainImports(): Plugin {
  return {
    name: "balie-plain-imports",
    enforce: "pre",
    resolveId: (id) => (id === HELPER ? id : undefined),
    load: (id) => (id === HELPER ? "export const __vitePreload = (load) => load();" : undefined),
  };
}

/**
 * All that an entry needs at first in one chunk: parts that share it would otherwise cut it into several, which pack worse. Give
 * `needed` to the group of the output, and the plugin to the build: it walks the graph before chunks are made.
 */
export function firstLoad(entry: string): { readonly plugin: Plugin; readonly needed: (id: string) => boolean } {
  const needed = new Set<string>();
  const plugin: Plugin = {
    name: "balie-first-load",
    buildEnd() {
      const open = [...this.getModuleIds()].filter((id) => id.endsWith(entry));
      for (let id = open.pop(); id !== undefined; id = open.pop()) {
        if (needed.has(id)) continue;
        needed.add(id);
        open.push(...(this.getModuleInfo(id)?.importedIds ?? []));
      }
    },
  };
  return { plugin, needed: (id) => needed.has(id) };
}

/** Leaves out of tokens.css the tokens (custom properties) that none of these sheets reads, and what no widget is: dense. */
export function usedTokens(sheets: readonly string[]): Plugin {
  return {
    name: "balie-used-tokens",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith("/shared/tokens.css")) return undefined;
      return withUsedTokens(code.replace(DENSITY, ""), sheets.map((path) => readFileSync(path, "utf8")).join(""));
    },
  };
}

/** Until nothing changes: a token may be read only by one that nobody reads. */
export function withUsedTokens(tokens: string, sheets: string): string {
  const used = new Set([...(tokens + sheets).matchAll(USE)].map(([, name]) => name));
  const lean = tokens.replace(TOKEN, (whole, name: string) => (used.has(name) ? whole : ""));
  return lean === tokens ? tokens : withUsedTokens(lean, sheets);
}

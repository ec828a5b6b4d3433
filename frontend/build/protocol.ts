/** protocol.schema.json, which the server writes, to the types that protocol.ts is held against. `npm run protocol`; a test finds stale ones. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { compile } from "json-schema-to-typescript";

const SHARED = join(import.meta.dirname, "../shared");
const SCHEMA = join(SHARED, "protocol.schema.json");
export const TYPES = join(SHARED, "protocol.generated.d.ts");

const UNIONS = ["FromVisitor", "FromStaff", "ToVisitor", "ToStaff"];

export async function protocolTypes(): Promise<string> {
  const { $defs } = JSON.parse(readFileSync(SCHEMA, "utf8")) as { $defs: Record<string, unknown> };
  const whole = {
    $defs: $defs as never, title: "Protocol", type: "object" as const, additionalProperties: false,
    properties: Object.fromEntries(UNIONS.map((name) => [name, { $ref: `#/$defs/${name}` }])), required: UNIONS,
  };
  return compile(whole, "Protocol", {
    additionalProperties: false, bannerComment: "/** Made from protocol.schema.json by frontend/build/protocol.ts: not edited by hand. */",
    format: false, unreachableDefinitions: false, ignoreMinAndMaxItems: true,
  });
}

if (process.argv[1] === import.meta.filename) writeFileSync(TYPES, await protocolTypes());

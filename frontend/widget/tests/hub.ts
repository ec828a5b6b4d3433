/** A hub for tests: answers the widget's requests and holds the other end of its line. */
import { vi } from "vitest";

import { AT } from "../../shared/tests/wire.ts";

export const CUSTOMER = { id: "7", name: "Sanne", login: "20000001", vip: false, balance_m: 84_000, available_m: 84_000 };

export interface Asked {
  readonly url: string;
  readonly token: string | null;
  readonly language: string | null;
  readonly key: string | null;
  readonly body: Record<string, string>;
}

export interface Reply {
  readonly status?: number;
  readonly json?: unknown;
  readonly headers?: Record<string, string>;
}

export interface FakeHub {
  readonly asked: Asked[];
  /** What the next requests for a token get; the last one stays. */
  replies: Reply[];
  departments: unknown[];
  /** What the other addresses answer, by method and path; the newest rule for it counts. */
  readonly rules: Map<string, () => Reply | Promise<Reply>>;
}

export function granted(more: Record<string, unknown> = {}): Reply {
  return { json: { token: `token-${Math.random()}`, expires_at: new Date(AT + 3_600_000).toISOString(), ...more } };
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Reply {
  return { status, json: { title: code, status, code }, headers };
}

export function startHub(): FakeHub {
  const hub: FakeHub = { asked: [], replies: [granted()], departments: [], rules: new Map() };
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    const token = headers.get("Authorization")?.replace("Bearer ", "") ?? null;
    hub.asked.push({ url, token, key: headers.get("Idempotency-Key"), language: headers.get("Accept-Language"), body: init.body ? (JSON.parse(String(init.body)) as Record<string, string>) : {} });
    if (url.startsWith("/api/v1/departments/")) return Response.json({ results: hub.departments, next: null });
    const rule = hub.rules.get(`${init.method ?? "GET"} ${url.split("?")[0]}`);
    if (rule) {
      const { json, status = 200, headers: more = {} } = await rule();
      return Response.json(json, { status, headers: more });
    }
    const reply = hub.replies.length > 1 ? hub.replies.shift()! : hub.replies[0]!;
    return Response.json(reply.json, { status: reply.status ?? 200, headers: reply.headers ?? {} });
  });
  return hub;
}

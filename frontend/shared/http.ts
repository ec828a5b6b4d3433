/** Requests to the hub's HTTP API, with its problem details (RFC 9457) as exceptions. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly retry_after_s: number | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, unknown>>, retry_after_s?: number) {
    super(message);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.details = details;
    this.retry_after_s = retry_after_s;
  }
}

export interface Ask {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: RequestCredentials;
}

/** The JSON of the answer. Throws `Problem` for a refusal and TypeError without a network. */
export async function ask<T>(url: string, { method = "GET", body, token, headers, credentials = "same-origin" }: Ask = {}): Promise<T> {
  const response = await fetch(url, {
    method,
    credentials,
    headers: {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json().catch(() => ({}));
  if (!response.ok) throw problemOf(response, answer);
  return answer as T;
}

function problemOf(response: Response, answer: unknown): Problem {
  const details = (typeof answer === "object" && answer !== null ? answer : {}) as Record<string, unknown>;
  const text = (key: string) => (typeof details[key] === "string" ? (details[key] as string) : "");
  const code = text("code") || text("type").split(/[/:#]/).pop() || String(response.status);
  const retry_after = Number(response.headers.get("Retry-After"));
  return new Problem(
    response.status, code, text("detail") || text("title"), details, Number.isFinite(retry_after) && retry_after > 0 ? retry_after : undefined,
  );
}

/**
 * Who the widget speaks for: a visitor, or a customer by the site's signed token (P11) or by signing in here. Keeps the hub's token, so
 * that a chat survives a reload, and renews it. The token is the only thing that is kept about a person, and only after the first open.
 */
import { type ReadonlySignal, signal } from "@preact/signals";

import { ask, Problem } from "../shared/http.ts";
import { NotSignedIn } from "../shared/socket.ts";
import { keep, recall, type Shelf } from "../shared/storage.ts";

export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly vip: boolean;
  readonly balance_m?: number | null;
  readonly available_m?: number | null;
  /** What a member may still spend of it this month. */
  readonly limit_left_m?: number | null;
  readonly organisation?: { readonly id: string; readonly name: string } | null;
}

/** A code is on its way, if there is anybody to get it. `challenge` is what it is checked by. */
export interface AskedCode {
  readonly challenge: string;
  readonly expires_at: string;
  readonly again_at: string;
}

interface Granted {
  readonly token: string;
  readonly expires_at: string;
  readonly customer?: Customer | null;
}

interface Kept {
  readonly token: string;
  readonly expires_at: string;
  /** The site's user that the token was given for, as the site's token names it. */
  readonly subject?: string;
}

const SESSION_URL = "/api/v1/widget/session/";
const CODE_URL = "/api/v1/widget/code/";
/** Renewed so long before it ends, since a socket keeps the token it was opened with. */
const RENEW_BEFORE_MS = 5 * 60_000;

export class Account {
  readonly #site: string;
  readonly #shelf: Shelf;
  readonly #key: string;
  readonly #customer = signal<Customer | null>(null);
  /** Somebody was here before on this browser: there may be a chat to go on with. */
  readonly expectsChat: boolean;
  #kept: Kept | null;
  #asking: Promise<Granted> | null = null;

  constructor(site: string, shelf: Shelf) {
    this.#site = site;
    this.#shelf = shelf;
    this.#key = `balie.${site}.token`;
    this.#kept = readKept(recall(shelf, this.#key));
    this.expectsChat = this.#kept !== null;
  }

  get customer(): ReadonlySignal<Customer | null> {
    return this.#customer;
  }

  /** Whom the site said it is; undefined for a visitor and for who signed in here. */
  get subject(): string | undefined {
    return this.#kept?.subject;
  }

  /** A token that is good for a while yet. With `renew`, a new one. Throws when the hub cannot be asked. */
  async token(renew = false): Promise<string> {
    const kept = this.#kept;
    if (!renew && kept && Date.parse(kept.expires_at) - Date.now() > RENEW_BEFORE_MS) return kept.token;
    return (await this.refresh()).token;
  }

  /**
   * Asks the hub who we are; the balance comes with it. Somebody whose token is no longer good is a new visitor.
   * With `anew`, what was asked before this moment is no answer.
   */
  async refresh({ anew = false }: { readonly anew?: boolean } = {}): Promise<Granted> {
    if (anew) await this.#asking?.catch(() => undefined);
    this.#asking ??= this.#refresh().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async signIn(login: string, password: string): Promise<void> {
    this.#take(await this.#ask({ login, password }));
  }

  /** Have a one-time code sent; the answer is the same whether or not there is such an account. */
  async askCode(login: string): Promise<AskedCode> {
    const language = document.documentElement.lang;
    return ask<AskedCode>(CODE_URL, { method: "POST", body: { site_key: this.#site, login, language }, credentials: "omit" });
  }

  async signInByCode(challenge: string, code: string): Promise<void> {
    this.#take(await this.#ask({ challenge, code }));
  }

  /**
   * The site says who its user is; without a token, that nobody has signed in there. False when that changes nothing, or the
   * hub does not believe it.
   */
  async identify(identity: string): Promise<boolean> {
    if (!identity) return this.#leave();
    const subject = subjectOf(identity);
    // A token of the site is good once; a page that came from a cache must not sign anybody out.
    if (subject && subject === this.#kept?.subject) return false;
    try {
      this.#take(await this.#ask({ identity }), subject);
      return true;
    } catch (problem) {
      if (problem instanceof Problem) return false;
      throw problem;
    }
  }

  signOut(): void {
    this.#kept = null;
    this.#customer.value = null;
    this.#shelf.removeItem(this.#key);
  }

  /** Only who came by the site leaves with it; who signed in here stays. */
  #leave(): boolean {
    if (this.#kept?.subject === undefined) return false;
    this.signOut();
    return true;
  }

  async #refresh(): Promise<Granted> {
    const token = this.#kept?.token ?? null;
    try {
      return this.#take(await this.#ask({}, token), this.#kept?.subject);
    } catch (problem) {
      const refused = problem instanceof Problem && (problem.status === 401 || problem.status === 403);
      if (refused && token) return this.#take(await this.#ask({}));
      if (refused) throw new NotSignedIn();
      throw problem;
    }
  }

  #ask(body: Readonly<Record<string, string>>, token: string | null = null): Promise<Granted> {
    return ask<Granted>(SESSION_URL, {
      method: "POST", body: { site_key: this.#site, ...body }, token, credentials: "omit",
    });
  }

  #take(granted: Granted, subject?: string): Granted {
    this.#kept = { token: granted.token, expires_at: granted.expires_at, ...(subject ? { subject } : {}) };
    keep(this.#shelf, this.#key, this.#kept);
    this.#customer.value = granted.customer ?? null;
    return granted;
  }
}

function readKept(kept: unknown): Kept | null {
  const { token, expires_at } = (kept ?? {}) as Partial<Kept>;
  return typeof token === "string" && typeof expires_at === "string" ? (kept as Kept) : null;
}

/** The `sub` in the site's token, to know the same person again. Only the hub's check of it counts. */
function subjectOf(identity: string): string | undefined {
  for (const part of identity.split(".")) {
    try {
      const claims = JSON.parse(atob(part.replaceAll("-", "+").replaceAll("_", "/"))) as { sub?: unknown };
      if (typeof claims.sub === "string" || typeof claims.sub === "number") return String(claims.sub);
    } catch {
      // Not this part.
    }
  }
  return undefined;
}

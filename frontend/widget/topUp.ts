/**
 * Buying credits without leaving the chat (C2, M4): what is for sale, one payment at a time, and what became of it. The provider's page
 * opens in a window of its own. That the credits are there is heard over the line; the hub is asked now and then as well, since
 * what the line says may get lost.
 */
import { type ReadonlySignal, signal } from "@preact/signals";

import { announce } from "../shared/announcer.tsx";
import { ask, Problem } from "../shared/http.ts";
import { creditsWithUnit, language, t } from "../shared/i18n.ts";
import type { PurchaseNews, PurchaseStatus } from "../shared/protocol.ts";
import { keep, recall, type Shelf } from "../shared/storage.ts";
import { uuid7 } from "../shared/uuid.ts";
import { openTab, type Tab } from "./payTab.ts";
import type { Visit } from "./visit.ts";

export interface Money {
  /** Whole cents. */
  readonly value: number;
  readonly currency: string;
}

export interface Package {
  readonly credits: number;
  readonly amount: Money;
}

/** A way to pay. */
export interface Way {
  readonly provider: string;
  readonly method: string;
  readonly name: string;
}

export interface Shop {
  readonly packages: readonly Package[];
  readonly ways: readonly Way[];
}

export interface Purchase {
  readonly id: string;
  readonly credits: number;
  readonly amount: Money;
  readonly method: string;
  readonly status: string;
  readonly created_at: string;
  readonly redirect_url?: string;
  /** What to know where there is no page: a number to call and a code. */
  readonly instructions?: Readonly<Record<string, string>>;
}

export type Stage =
  | { readonly kind: "choosing" }
  | { readonly kind: "starting" }
  /** `here`: no window opened, so the payment page takes the place of this one. */
  | { readonly kind: "paying"; readonly purchase: Purchase; readonly here: boolean }
  | { readonly kind: "paid"; readonly credits_m: number };

/** Asked so often while a payment is waited for, beside what the line says. */
const LOOK_MS = 10_000;
/** How long it says that credits came. */
const THANKS_MS = 15_000;
/** A payment that was begun so long ago is not taken up again by itself. */
const YOUNG_MS = 30 * 60_000;
/** The page that the window of the payment ends on. */
const DONE = "/store/done/";
/** As much as the hub keeps. */
const RETURN_MAX = 200;
/** Takes days, which no chat waits for. */
const SLOW = "bank_transfer";

export interface TopUpOptions {
  readonly site: string;
  readonly passing: Shelf;
  /** Within the click: a window that comes later is stopped. */
  readonly open?: () => Tab | null;
}

export class TopUp {
  readonly #visit: Visit;
  readonly #open: () => Tab | null;
  readonly #shelf: Shelf;
  readonly #key: string;
  readonly #shop = signal<Shop | null | undefined>(undefined);
  readonly #stage = signal<Stage>({ kind: "choosing" });
  readonly problem = signal("");
  /** Of the wish that is on its way, so that a second try is no second payment. */
  #wish: { readonly what: string; readonly key: string } | null = null;
  /** For whom and in which language was asked what is for sale. */
  #asked = "";
  #loading: Promise<void> | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(visit: Visit, { site, passing, open = openTab }: TopUpOptions) {
    this.#visit = visit;
    this.#open = open;
    this.#shelf = passing;
    this.#key = `balie.${site}.paying`;
    visit.socket.attach({
      frame: (frame) => frame.type === "purchase" && this.#heard(frame),
      opened: () => void this.look(),
    });
    addEventListener("focus", () => void this.look());
    document.addEventListener("visibilitychange", () => !document.hidden && void this.look());
  }

  /** Undefined until the hub has said; null where nothing can be bought: no payments here, or not by this person. */
  get shop(): ReadonlySignal<Shop | null | undefined> {
    return this.#shop;
  }

  get stage(): ReadonlySignal<Stage> {
    return this.#stage;
  }

  /** What is for sale, and a payment that was begun before this page. Asked once, and again when it could not be had. */
  load(): Promise<void> {
    const asked = `${this.#visit.account.customer.peek()?.id} ${language()}`;
    if (asked !== this.#asked) this.#loading = null;
    this.#asked = asked;
    this.#loading ??= this.#load().catch((failure: unknown) => {
      this.#loading = null;
      this.#shop.value ??= null;
      if (!isRefused(failure)) setTimeout(() => void this.load(), LOOK_MS);
    });
    return this.#loading;
  }

  /** Must be called in a click. */
  pay({ credits, amount }: Package, { provider, method }: Way): void {
    const what = [credits, amount.value, provider, method].join();
    if (this.#wish?.what !== what) this.#wish = { what, key: uuid7() };
    const tab = this.#open();
    const return_to = tab ? DONE : returnTo(this.#visit.page.url);
    this.problem.value = "";
    this.#stage.value = { kind: "starting" };
    void this.#start({ credits, amount: amount.value, provider, method, return_to }, this.#wish.key, tab);
  }

  async redeem(code: string): Promise<void> {
    this.problem.value = "";
    try {
      const { credits_m } = await this.#ask<{ credits_m: number }>("/api/v1/vouchers/redeem/", { code });
      this.#paid(credits_m);
    } catch (failure) {
      this.problem.value = wordsOf(failure);
    }
  }

  /** Asks how the payment stands that is waited for. */
  async look(): Promise<void> {
    const stage = this.#stage.peek();
    if (stage.kind !== "paying") return;
    const purchase = await this.#ask<Purchase>(`/api/v1/purchases/${stage.purchase.id}/`).catch(() => null);
    const now = this.#stage.peek();
    if (purchase && now.kind === "paying" && now.purchase.id === purchase.id) this.#become(purchase, now.here);
  }

  /** Leaves the payment alone: should it be paid after all, the credits come. */
  again(): void {
    this.#choose();
  }

  #choose(problem = ""): void {
    clearInterval(this.#timer);
    this.#shelf.removeItem(this.#key);
    this.#wish = null;
    this.problem.value = problem;
    this.#stage.value = { kind: "choosing" };
  }

  async #load(): Promise<void> {
    const [shop, begun] = await Promise.all([this.#ask<ShopSent>("/api/v1/packages/"), this.#begun()]);
    const names = shop.methods.map(({ method }) => method);
    // Where two providers have the same way, the buyer does not care which of them takes it.
    const ways = shop.methods.filter(({ method }, at) => method !== SLOW && names.indexOf(method) === at);
    this.#shop.value = shop.may_buy !== false && shop.results.length && ways.length ? { packages: shop.results, ways } : null;
    if (begun && this.#stage.peek().kind === "choosing") this.#become(begun, false);
  }

  /** What this window was paying before it was loaded anew; else what another one of this person began a short while ago. */
  async #begun(): Promise<Purchase | undefined> {
    const id = recall(this.#shelf, this.#key);
    if (typeof id === "string") return this.#ask<Purchase>(`/api/v1/purchases/${id}/`).catch(() => undefined);
    const { results } = await this.#ask<{ results: readonly Purchase[] }>("/api/v1/purchases/?limit=1");
    return results.find((one) => isOpen(one) && one.method !== SLOW && Date.now() - Date.parse(one.created_at) < YOUNG_MS);
  }

  async #start(body: object, key: string, tab: Tab | null): Promise<void> {
    try {
      const purchase = await this.#ask<Purchase>("/api/v1/purchases/", body, { "Idempotency-Key": key });
      if (tab && purchase.redirect_url) tab.go(purchase.redirect_url);
      else tab?.close();
      keep(this.#shelf, this.#key, purchase.id);
      this.#become(purchase, tab === null);
    } catch (failure) {
      tab?.close();
      this.problem.value = wordsOf(failure);
      this.#stage.value = { kind: "choosing" };
      // Perhaps the price is another one now.
      if (failure instanceof Problem && failure.status < 500) await this.#reload();
    }
  }

  async #reload(): Promise<void> {
    this.#wish = null;
    this.#loading = null;
    await this.load();
  }

  #heard({ purchase, status, credits }: PurchaseNews): void {
    const stage = this.#stage.peek();
    if (stage.kind === "paying" && stage.purchase.id === purchase) this.#become({ ...stage.purchase, status }, stage.here);
    // Another window has begun to pay: it is waited for here as well, lest it be paid twice.
    else if (status === "open" && stage.kind === "choosing") void this.#join(purchase);
    // Bought in another window, or after all.
    else if (status === "paid" && stage.kind !== "paying") this.#paid(credits * 1000);
  }

  async #join(id: string): Promise<void> {
    const begun = await this.#ask<Purchase>(`/api/v1/purchases/${id}/`).catch(() => null);
    if (begun && isOpen(begun) && begun.method !== SLOW && this.#stage.peek().kind === "choosing") this.#become(begun, false);
  }

  #become(purchase: Purchase, here: boolean): void {
    if (purchase.status === "paid") this.#paid(purchase.credits * 1000);
    else if (isOpen(purchase)) {
      this.#stage.value = { kind: "paying", purchase, here };
      clearInterval(this.#timer);
      this.#timer = setInterval(() => void this.look(), LOOK_MS);
    } else this.#choose(endWords(purchase.status));
  }

  #paid(credits_m: number): void {
    this.#choose();
    const stage: Stage = { kind: "paid", credits_m };
    this.#stage.value = stage;
    announce(t("Added: {amount}", { amount: creditsWithUnit(credits_m) }));
    void this.#visit.account.refresh().catch(() => undefined);
    setTimeout(() => this.#stage.peek() === stage && this.#choose(), THANKS_MS);
  }

  async #ask<T>(url: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    const token = await this.#visit.account.token();
    return ask<T>(url, {
      method: body ? "POST" : "GET", body, token, credentials: "omit", headers: { "Accept-Language": language(), ...headers },
    });
  }
}

interface ShopSent {
  readonly results: readonly Package[];
  readonly methods: readonly Way[];
  readonly may_buy?: boolean;
}

const ofVisit = new WeakMap<Visit, TopUp>();

/** The one of this visit: a payment goes on whatever is on the screen. */
export function topUpOf(visit: Visit, options: TopUpOptions): TopUp {
  let topUp = ofVisit.get(visit);
  if (!topUp) ofVisit.set(visit, (topUp = new TopUp(visit, options)));
  return topUp;
}

export function isOpen({ status }: Pick<Purchase, "status">): boolean {
  return status === "open" || status === "pending";
}

/** The site's page where the chat is: a path of the hub, or an address of one of its websites. */
export function returnTo(url: string | undefined): string {
  const page = new URL(url ?? location.href);
  const start = page.origin === location.origin ? "" : page.origin;
  const candidates = [start + page.pathname + page.search, start + page.pathname];
  return candidates.find((one) => one.length <= RETURN_MAX) ?? `${start}/`;
}

function endWords(status: string): string {
  const words: Readonly<Partial<Record<string, string>>> = {
    failed: t("The payment did not succeed. Nothing was charged."),
    cancelled: t("The payment was cancelled. Nothing was charged."),
    expired: t("The time to pay was over. Nothing was charged."),
  } satisfies Partial<Record<PurchaseStatus, string>>;
  return words[status] ?? "";
}

/** No network, too much at once and a hub that fails pass; a refusal stays. */
function isRefused(failure: unknown): boolean {
  return failure instanceof Problem && failure.status < 500 && failure.status !== 429;
}

function wordsOf(failure: unknown): string {
  if (failure instanceof Problem && failure.message) return failure.message;
  return t("We cannot be reached at the moment. Try again in a minute.");
}

/**
 * `form[data-draft]` is sent by script: when the hub cannot be reached the page stays, with what was typed in it, says so, and tries again.
 * The key of the form makes sure that it is done once. What the hub refuses the browser shows as it would without a script.
 */
import { t } from "../shared/i18n.ts";
import { NOT_TAKEN, SENDING, TAKEN } from "./formEvents.ts";

/** hub/site/sent_by_script.py answers it. */
const HEADER = "X-Sent-By-Script";
/** By itself again after these; then by the button. */
const PAUSES_MS = [1500, 3000, 6000, 12_000];
const BUSY = 429;
/** What else is on its way is waited for as long. */
const BEFORE_MAX_MS = 3000;

type Answer =
  | { readonly what: "taken"; readonly to: string }
  | { readonly what: "signed out"; readonly to: string }
  | { readonly what: "refused" } // a page that says why
  | { readonly what: "forbidden" }
  | { readonly what: "gone" }
  | { readonly what: "unreachable" };

export function sendByScript(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.dataset["draft"] || event.defaultPrevented || "asBrowser" in form.dataset) return;
    if (event.submitter?.hasAttribute("formaction")) return; // it asks for something else, and loses nothing
    event.preventDefault();
    if ("sending" in form.dataset) return;
    void new Sending(form, event.submitter).send();
  });
  // Back from the browser's memory it may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
      delete form.dataset["asBrowser"];
      delete form.dataset["sending"];
    }
  });
}

class Sending {
  private readonly form: HTMLFormElement;
  private readonly by: HTMLElement | null;
  private readonly typed = () => this.waitForThem();
  private sent = "";
  private tries = 0;
  private timer = 0;

  constructor(form: HTMLFormElement, by: HTMLElement | null) {
    this.form = form;
    this.by = by;
  }

  async send(): Promise<void> {
    this.stop();
    this.form.dataset["sending"] = "";
    this.by?.setAttribute("aria-busy", "true");
    await whatIsOnItsWay(this.form);
    this.sent = contentOf(this.form);
    let answer = await ask(this.form, this.by);
    if (answer.what === "forbidden" && (await takeNewToken(this.form))) answer = await ask(this.form, this.by);
    if (answer.what === "taken") return this.go(answer.to);
    delete this.form.dataset["sending"];
    this.form.dispatchEvent(new CustomEvent(NOT_TAKEN));
    this.by?.removeAttribute("aria-busy");
    if (answer.what === "refused") this.showRefusal();
    else this.explain(answer);
  }

  private go(to: string): void {
    this.form.dispatchEvent(new CustomEvent(TAKEN));
    const there = new URL(to, location.href);
    const isHere = there.pathname === location.pathname && there.search === location.search;
    if (!isHere) return location.assign(there);
    // Only the fragment differs: the browser would stay on the old page.
    history.scrollRestoration = "manual";
    history.replaceState(null, "", there);
    location.reload();
  }

  /** The same again, as a browser sends it: the hub refuses it once more, and the page says why. */
  private showRefusal(): void {
    this.form.dataset["asBrowser"] = "";
    this.form.requestSubmit(this.by instanceof HTMLButtonElement ? this.by : null);
  }

  private explain(answer: Answer): void {
    if (answer.what === "signed out") return this.say(t("You are signed out. Sign in in another window and send it again; what you wrote stays here."), link(answer.to, t("Sign in")));
    if (answer.what === "forbidden" || answer.what === "gone") return this.say(t("This is not possible any more. What you wrote stays here; copy what you need before you leave."));
    const pause_ms = PAUSES_MS[this.tries++];
    this.say(
      pause_ms === undefined
        ? t("The server does not answer. What you wrote is kept; try again in a moment.")
        : t("The server does not answer. What you wrote is kept; it is sent again by itself."),
    );
    if (pause_ms === undefined) return;
    this.timer = window.setTimeout(() => void this.send(), pause_ms);
    this.form.addEventListener("input", this.typed);
  }

  /** Who goes on writing sends it when it is ready. */
  private waitForThem(): void {
    if (contentOf(this.form) === this.sent) return; // an editor says more often that it changed than it does
    this.stop();
    this.say(t("The server does not answer. What you wrote is kept; try again in a moment."));
  }

  private stop(): void {
    window.clearTimeout(this.timer);
    this.form.removeEventListener("input", this.typed);
  }

  private say(text: string, ...more: Node[]): void {
    const notice = this.form.querySelector<HTMLElement>(".not-sent") ?? this.build();
    const words = document.createElement("p");
    words.textContent = text;
    const again = document.createElement("button");
    Object.assign(again, { type: "button", className: "btn sm", textContent: t("Try again") });
    again.addEventListener("click", () => void this.send());
    notice.replaceChildren(words, ...more, again);
    notice.scrollIntoView({ block: "nearest" });
  }

  private build(): HTMLElement {
    const notice = document.createElement("div");
    notice.className = "notice danger not-sent";
    notice.setAttribute("role", "alert");
    const buttons = this.by?.closest(".buttons, .acts");
    if (buttons) buttons.before(notice);
    else this.form.append(notice);
    return notice;
  }
}

function contentOf(form: HTMLFormElement): string {
  return JSON.stringify([...new FormData(form)]);
}

/** A draft that came after what was sent would stand there again. */
async function whatIsOnItsWay(form: HTMLFormElement): Promise<void> {
  const before: Promise<unknown>[] = [];
  form.dispatchEvent(new CustomEvent(SENDING, { detail: before }));
  await Promise.race([Promise.allSettled(before), new Promise((resolve) => window.setTimeout(resolve, BEFORE_MAX_MS))]);
}

async function ask(form: HTMLFormElement, by: HTMLElement | null): Promise<Answer> {
  const body = new FormData(form);
  if (by instanceof HTMLButtonElement && by.name) body.append(by.name, by.value);
  try {
    const response = await fetch(form.getAttribute("action") || location.href, { method: "POST", body, headers: { [HEADER]: "1" } });
    if (response.status >= 500 || response.status === BUSY) return { what: "unreachable" };
    if (response.status === 403) return { what: "forbidden" };
    if (response.status === 404) return { what: "gone" };
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) return { what: "refused" };
    const { to } = (await response.json()) as { readonly to: string };
    return { what: response.ok ? "taken" : "signed out", to };
  } catch {
    return { what: "unreachable" };
  }
}

/** Who signed in again in another window has another token. Never for somebody else's account: the page names whose draft it is. */
async function takeNewToken(form: HTMLFormElement): Promise<boolean> {
  const NAME = "[name=csrfmiddlewaretoken]";
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const same = page.querySelector(`form[data-draft="${CSS.escape(form.dataset["draft"] ?? "")}"]`);
    const token = same?.querySelector<HTMLInputElement>(NAME)?.value;
    const own = form.querySelector<HTMLInputElement>(NAME);
    if (!token || !own) return false;
    own.value = token;
    return true;
  } catch {
    return false;
  }
}

function link(to: string, text: string): HTMLAnchorElement {
  const made = document.createElement("a");
  Object.assign(made, { href: to, textContent: text, className: "link", target: "_blank", rel: "noopener" });
  return made;
}

/** Our own widget on the portal: it hears who is signed in here, opens from the page's buttons, and forgets them at sign-out. */

type Call = readonly [method: "identify" | "open", argument?: { readonly token: string }];

interface Widget {
  identify(identity: { readonly token: string }): void;
  open(): void;
}

const OPENS = "[data-open-chat]";
/** A token lives ten minutes. A page that stood open longer, or came back from the browser's memory, asks for another. */
const TOKEN_GOOD_MS = 8 * 60_000;
const IDENTITY_URL = "/portal/identity/";
const SITE = "portal";

const page = window as unknown as { Balie?: Widget | Call[] };

export function introduce(identity: string): void {
  let asked_at = Date.now();
  tell(["identify", { token: identity }]);

  const renew = async (): Promise<void> => {
    if (Date.now() - asked_at < TOKEN_GOOD_MS) return;
    asked_at = Date.now();
    const answer = await fetch(IDENTITY_URL, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    const { token } = (await answer.json()) as { token: string };
    tell(["identify", { token }]);
  };
  addEventListener("pageshow", () => void renew());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void renew();
  });
  // The pointer on its way to the bubble is early enough for a page that was never left.
  document.addEventListener("pointermove", () => void renew(), { passive: true });

  document.addEventListener("click", (event) => {
    if (!(event.target as Element).closest(OPENS)) return;
    event.preventDefault();
    void renew().finally(() => tell(["open"]));
  });
}

/**
 * Nobody is signed in: what the widget kept of the one before opens nothing any more, and goes. Drafts go, too (drafts.ts), but where
 * somebody was sent here from a page of theirs to sign in again: they come back to it, and to what they wrote.
 */
export function forgetWidget(): void {
  const isOnTheWayBack = new URLSearchParams(location.search).has("next");
  try {
    for (const shelf of [localStorage, sessionStorage]) {
      for (const key of Object.keys(shelf)) {
        if (key.startsWith(`balie.${SITE}.`) || (key.startsWith("balie.draft.") && !isOnTheWayBack)) shelf.removeItem(key);
      }
    }
    sessionStorage.removeItem("balie");
  } catch {
    // Storage is blocked: then nothing was kept either.
  }
}

/** The loader may come before us or after; what was asked before it came is done when it does. */
function tell(call: Call): void {
  const widget = (page.Balie ??= []);
  if (Array.isArray(widget)) widget.push(call);
  else if (call[0] === "identify" && call[1]) widget.identify(call[1]);
  else widget.open();
}

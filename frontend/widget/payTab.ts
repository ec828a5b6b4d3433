/** The window in which somebody pays: opened in the click, since browsers stop windows that come later, and led to the provider afterwards. */
import { direction, language, t } from "../shared/i18n.ts";

export interface Tab {
  go(url: string): void;
  close(): void;
}

/** Null where the browser opens none. */
export function openTab(): Tab | null {
  const tab = window.open("about:blank", "_blank");
  if (!tab) return null;
  try {
    const { document: page } = tab;
    page.title = t("One moment");
    page.documentElement.lang = language();
    page.documentElement.dir = direction();
    page.body.textContent = t("The payment page is on its way …");
    // What is shown there later is somebody else's, and has no hold on this page.
    tab.opener = null;
  } catch {
    // Some browsers keep even an empty window to themselves.
  }
  return { go: (url) => isPage(url) ? tab.location.replace(url) : tab.close(), close: () => tab.close() };
}

export function isPage(url: string): boolean {
  return /^https?:\/\//.test(url);
}

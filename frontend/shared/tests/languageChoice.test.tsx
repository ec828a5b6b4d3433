import { render } from "preact";
import { afterEach, expect, test, vi } from "vitest";

import { LanguageChoice } from "../components/LanguageChoice.tsx";
import { language, setLanguage } from "../i18n.ts";

afterEach(() => {
  setLanguage("en", {});
  vi.unstubAllGlobals();
});

test("U1: staff choose a language, the page speaks it at once and the account is told", async () => {
  const told: [string, RequestInit][] = [];
  vi.stubGlobal("fetch", (url: string, asked: RequestInit) => {
    told.push([url, asked]);
    return Promise.reject(new TypeError("no connection"));
  });
  const place = document.createElement("div");
  render(<LanguageChoice bundle="console" url="/language/" csrf="a-token" />, place);
  const select = place.querySelector("select")!;
  expect([...select.options].map((option) => option.textContent)).toContain("Hrvatski");
  select.value = "fa";
  select.dispatchEvent(new Event("change"));
  await vi.waitFor(() => expect(language()).toBe("fa"));
  expect(document.documentElement.dir).toBe("rtl");
  const [url, asked] = told[0]!;
  expect([url, String(asked.body), (asked.headers as Record<string, string>)["X-CSRFToken"]]).toEqual(["/language/", "language=fa", "a-token"]);
});

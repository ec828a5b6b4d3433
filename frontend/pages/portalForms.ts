/** Small comforts of forms and menus; without them everything works, with one click or key more. */

/** A menu closes by Escape and by a click beside it, and gives the focus back. */
export function closeMenus(): void {
  const open = (): NodeListOf<HTMLDetailsElement> => document.querySelectorAll<HTMLDetailsElement>("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary")?.focus();
    }
  });
}

/** A second click on a button that is busy sends nothing. The server takes it once anyway (hub.base.forms). */
export function guardForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post" || event.defaultPrevented || form.dataset["draft"]) return; // sending.ts sends drafts
    if (form.dataset["sent"]) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // Back from the browser's memory the form may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      form.removeAttribute("data-sent");
      form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    }
  });
}

/** What is wrong is read first. */
export function showFaults(): void {
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
}

/** On a phone the navigation is longer than the screen. */
export function showWhereWeAre(): void {
  const nav = document.querySelector<HTMLElement>(".nav, .rail nav");
  const here = nav?.querySelector<HTMLElement>("[aria-current]");
  if (nav && here && nav.scrollWidth > nav.clientWidth) here.scrollIntoView({ block: "nearest", inline: "center" });
}

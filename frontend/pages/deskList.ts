/** The list of tickets: how many are chosen, and forms that ask for what the list shows now. */
export function chooseMany(): void {
  const form = document.getElementById("many");
  const said = form?.querySelector<HTMLElement>("[data-chosen]");
  const text = said?.textContent ?? "";
  const show = () => {
    const count = document.querySelectorAll("input[name=numbers]:checked").length;
    const shown = new Intl.NumberFormat(document.documentElement.lang).format(count);
    if (said) said.textContent = count > 0 ? (said.dataset["text"] ?? "").replace("{n}", shown) : text;
  };
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.name === "numbers") show();
  });
  addEventListener("pageshow", show);
}

/** Searching while one types changes the address: what is kept as a view, or changed, goes by the one of now. */
export function followAddress(): void {
  document.addEventListener("submit", (event) => {
    const query = (event.target as HTMLFormElement).querySelector<HTMLInputElement>("[data-query]");
    if (!query || !location.search) return;
    const asked = new URLSearchParams(location.search);
    for (const name of ["after", "before"]) asked.delete(name);
    query.value = asked.toString();
  });
}

/** The form that adds or takes away credits says what the balance will be, and its button says what it does. */
const AMOUNT = /^(\d{1,7})(?:[.,](\d{1,3}))?$/;

export function showNewBalance(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-balance]");
  const sum = form?.querySelector<HTMLElement>("[data-sum]");
  const amount = form?.querySelector<HTMLInputElement>("[name=amount]");
  if (!form || !sum || !amount) return;
  const balance_m = Number(form.dataset["balance"]);
  const button = form.querySelector<HTMLElement>("[data-says]");
  const plain = button?.textContent ?? "";
  const format = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 3 });
  const draw = () => {
    const typed_m = millicredits(amount.value);
    const takes = form.querySelector<HTMLInputElement>("[name=change]:checked")?.value === "take";
    sum.closest<HTMLElement>("[data-needs-script]")?.toggleAttribute("hidden", typed_m === undefined);
    const says = form.dataset[takes ? "take" : "add"];
    if (button) button.textContent = typed_m && says ? says.replace("{amount}", format.format(typed_m / 1000)) : plain;
    if (typed_m === undefined) return;
    const after_m = balance_m + (takes ? -typed_m : typed_m);
    const before = `${format.format(balance_m / 1000)} ${takes ? "−" : "+"} ${format.format(typed_m / 1000)} = `;
    const after = document.createElement("b");
    after.textContent = format.format(after_m / 1000).replace("-", "−");
    sum.replaceChildren(before, after);
  };
  form.addEventListener("input", draw);
  draw();
}

/** Credits as typed, with a comma or a point; undefined for what is no positive amount of whole millicredits. */
export function millicredits(typed: string): number | undefined {
  const latin = typed.trim().replace(/[٠-٩۰-۹]/g, (digit) => String(digit.codePointAt(0)! & 15)).replace("٫", ".");
  const match = AMOUNT.exec(latin);
  return match ? Number(match[1]) * 1000 + Number((match[2] ?? "").padEnd(3, "0")) : undefined;
}

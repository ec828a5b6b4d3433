/** Forms of guests (T1): `form[data-proof]` has a hidden field `proof`, filled before it is sent. It is begun while they type. */
import type { prove } from "../shared/proof.ts";

export function proveForms(forms: Iterable<HTMLFormElement>): void {
  for (const form of forms) proveForm(form);
}

function proveForm(form: HTMLFormElement): void {
  const field = form.elements.namedItem("proof");
  if (!(field instanceof HTMLInputElement)) return;
  let found: ReturnType<typeof prove> | undefined;
  const begin = () => (found ??= import("../shared/proof.ts").then((proof) => proof.prove()));
  form.addEventListener("input", () => void begin().catch(() => (found = undefined)), { once: true });
  form.addEventListener("submit", (event) => {
    if (field.value) return;
    event.preventDefault();
    const { submitter } = event;
    // Where it cannot be had the form goes as it is: the answer says what is missing, and keeps what was typed.
    void begin().then((text) => (field.value = text), () => undefined).then(() => {
      if (field.value) form.requestSubmit(submitter);
      else form.submit();
    });
  });
}

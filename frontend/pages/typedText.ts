/** What was typed stays when somebody switches the language in the middle of a form: the page that comes back is filled
 * in again. Kept in this tab, until that page; no passwords, codes or files. Without this script the fields are empty.
 */
const KEY = "balie.typed";
const FIELDS = "input:not([type=hidden], [type=password], [type=file], [autocomplete=one-time-code]), select, textarea";

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type Kept = { path: string; values: [key: string, value: string | boolean][] };

export function keepTypedText(): void {
  fillInAgain();
  document.addEventListener("submit", (event) => {
    if (event.submitter?.getAttribute("name") !== "language") return;
    const values = fields().map(([key, field]): Kept["values"][number] => [key, valueOf(field)]);
    if (values.length > 0) keep({ path: location.pathname, values });
  });
}

/** Every field of the forms that change something, with a key that holds in any language. */
function fields(): [string, Field][] {
  const forms = [...document.querySelectorAll<HTMLFormElement>("main form[method=post]")];
  return forms.flatMap((form, nth) =>
    [...form.querySelectorAll<Field>(FIELDS)]
      .filter((field) => field.name !== "")
      .map((field): [string, Field] => [`${nth} ${field.name} ${isTicked(field) ? field.value : ""}`, field]),
  );
}

function isTicked(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");
}

function valueOf(field: Field): string | boolean {
  return isTicked(field) ? field.checked : field.value;
}

function keep(kept: Kept): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing: the fields are empty then.
  }
}

function fillInAgain(): void {
  const kept = takeKept();
  if (kept?.path !== location.pathname) return;
  const values = new Map(kept.values);
  for (const [key, field] of fields()) {
    const value = values.get(key);
    if (typeof value === "boolean" && isTicked(field)) field.checked = value;
    else if (typeof value === "string") field.value = value;
  }
}

function takeKept(): Kept | null {
  try {
    const text = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return text ? (JSON.parse(text) as Kept) : null;
  } catch {
    return null;
  }
}

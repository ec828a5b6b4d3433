import { useState } from "preact/hooks";

import { unanswered } from "./answers.ts";
import { usePlace } from "./context.ts";
import type { Department } from "./departments.ts";

/** Whether all is answered that must be; the first that is not gets the focus. */
export function useQuestions(department: Department | undefined): { readonly checked: boolean; readonly check: () => boolean } {
  const { draft, fields } = usePlace().visit;
  const id = department?.id ?? "";
  const [checked, setChecked] = useState("");
  const check = () => {
    if (unanswered(department?.questions ?? [], draft.peek().answers, fields.peek()).length === 0) return true;
    setChecked(id);
    requestAnimationFrame(() => {
      const first = document.querySelector<HTMLElement>(".w-b [aria-invalid]");
      first?.focus();
      // What is wrong stands below it, and is to be seen too.
      first?.parentElement?.scrollIntoView({ block: "center" });
    });
    return false;
  };
  return { checked: checked === id && id !== "", check };
}

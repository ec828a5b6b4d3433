import { useEffect, useRef } from "preact/hooks";

import { Button } from "../shared/components/index.ts";
import { t } from "../shared/i18n.ts";

import { keyLines } from "./keys.ts";
import { keysShown } from "./screen.ts";

/** All keys that work, in the browser's own modal dialog: it keeps the focus in and gives it back. */
export function KeysSheet() {
  const dialog = useRef<HTMLDialogElement>(null);
  const shown = keysShown.value;
  useEffect(() => {
    if (shown) dialog.current?.showModal();
    else dialog.current?.close();
  }, [shown]);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      role="dialog"
      aria-labelledby="keys-title"
      onClose={() => (keysShown.value = false)}
      onClick={(event) => {
        if (event.target === dialog.current) keysShown.value = false;
      }}
    >
      {shown && (
        <>
          <h2 id="keys-title">{t("Keys")}</h2>
          <p>{t("Single letters and digits work when you are not typing.")}</p>
          <dl class="keys">
            {keyLines().map(({ keys, does }) => (
              <div key={does}>
                <dt>{does}</dt>
                <dd>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
          <div class="row-end">
            <Button look="primary" onClick={() => (keysShown.value = false)}>
              {t("Close")}
            </Button>
          </div>
        </>
      )}
    </dialog>
  );
}

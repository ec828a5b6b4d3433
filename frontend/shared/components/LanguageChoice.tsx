/** The language of a page of staff: spoken at once, kept in this browser and on the account. */
import { language, t } from "../i18n.ts";
import { globeIcon } from "../icons.ts";
import { languagesOf, loadLanguage } from "../language.ts";
import { ownName } from "../speech.ts";
import { Icon } from "./Icon.tsx";

export interface LanguageChoiceProps {
  /** Whose catalogs: "console", "board". */
  readonly bundle: string;
  readonly url: string;
  readonly csrf: string;
}

export function LanguageChoice({ bundle, url, csrf }: LanguageChoiceProps) {
  const now = language().split("-")[0];
  const choose = (code: string) => {
    void loadLanguage(bundle, code);
    // Without a connection the page speaks it all the same, only nobody remembers.
    void fetch(url, { method: "POST", headers: { "X-CSRFToken": csrf }, body: new URLSearchParams({ language: code }), redirect: "manual" }).catch(() => undefined);
  };
  return (
    <label class="language-choice">
      <Icon of={globeIcon} size="sm" />
      <span class="sr">{t("Language")}</span>
      <select onChange={(event) => choose(event.currentTarget.value)}>
        {languagesOf(bundle).map((code) => (
          <option key={code} value={code} lang={code} selected={code === now}>
            {ownName(code)}
          </option>
        ))}
      </select>
    </label>
  );
}

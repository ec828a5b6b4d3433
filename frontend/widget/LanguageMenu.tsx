import { language, t } from "../shared/i18n.ts";
import { globeIcon } from "../shared/icons.ts";
import { languagesIn, ownName } from "../shared/speech.ts";
import { catalogs } from "./catalogs.ts";
import { usePlace } from "./context.ts";
import { Menu } from "./Frame.tsx";

/** The languages, each in its own words. */
export function LanguageMenu() {
  const { speak, offered } = usePlace();
  const codes = languagesIn(catalogs).filter((code) => offered.length === 0 || offered.includes(code));
  if (codes.length < 2) return null;
  return <Menu of={({ languageItems }) => languageItems(codes, speak)} label={t("Language: {name}", { name: ownName(language()) })} icon={globeIcon} />;
}

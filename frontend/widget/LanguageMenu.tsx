import { language, t } from "../shared/i18n.ts";
import { checkIcon, globeIcon } from "../shared/icons.ts";
import { languagesIn, ownName } from "../shared/speech.ts";
import { catalogs } from "./catalogs.ts";
import { usePlace } from "./context.ts";
import { Menu } from "./Frame.tsx";

/** The languages, each in its own words. */
export function LanguageMenu() {
  const { speak, offered } = usePlace();
  const now = language();
  const codes = languagesIn(catalogs).filter((code) => offered.length === 0 || offered.includes(code));
  if (codes.length < 2) return null;
  const items = codes.map((code) => ({
    text: ownName(code), icon: code === now ? checkIcon : globeIcon, onChoose: () => void speak(code),
  }));
  return <Menu items={items} label={t("Language: {name}", { name: ownName(now) })} icon={globeIcon} />;
}

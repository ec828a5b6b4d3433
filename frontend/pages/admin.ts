/** The admin's pages. They work without this script; it adds the palette, searching while one types, and menus that close. */
import "../shared/fonts.css";
import "./admin.css";
import "./account.css";
import "../shared/chatFiles.css";
import "./money.css";
import "./setup.css";
import "./desk-setup.css";

import { copyByButton } from "./copying.ts";
import { closeMenus } from "./menus.ts";
import { openPalette } from "./palette.ts";
import { showWhereWeAre } from "./portalForms.ts";
import { searchWhileTyping } from "./search.ts";
import { keepTypedText } from "./typedText.ts";
import { showNewBalance } from "./wallet.ts";

closeMenus();
showWhereWeAre();
keepTypedText();
openPalette();
searchWhileTyping();
showNewBalance();
for (const place of document.querySelectorAll<HTMLElement>("[data-focus]")) place.focus();
for (const control of document.querySelectorAll<HTMLElement>("[data-submits]"))
  control.addEventListener("change", () => control.closest("form")?.requestSubmit());
copyByButton(document.querySelectorAll<HTMLButtonElement>("[data-copies]"));

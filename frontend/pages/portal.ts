/** The portal's pages. They work without this script; with it the chat opens on the page and what is live stays live. */
import "./portal-fonts.css";
import "../shared/tokens.css";
import "../shared/components.css";
import "../shared/page-components.css";
import "./portal.css";
import "./account.css";
import "../shared/chatFiles.css";

import { countDown } from "./codeWait.ts";
import { copyByButton } from "./copying.ts";
import { keepFresh } from "./fresh.ts";
import { forgetWidget, introduce } from "./ownWidget.ts";
import { closeMenus, guardForms, showFaults, showWhereWeAre } from "./portalForms.ts";
import { proveForms } from "./proofs.ts";
import { keepTypedText } from "./typedText.ts";

closeMenus();
showWhereWeAre();
keepTypedText();
guardForms();
showFaults();
if ("signedOut" in document.body.dataset) forgetWidget();
else introduce(document.body.dataset["identity"] ?? "");
for (const part of document.querySelectorAll<HTMLElement>("[data-fresh]")) keepFresh(part);
for (const part of document.querySelectorAll<HTMLElement>("[data-again-in]")) countDown(part);
copyByButton(document.querySelectorAll<HTMLButtonElement>("[data-copies]"));
proveForms(document.querySelectorAll<HTMLFormElement>("form[data-proof]"));

/**
 * The screens and cards that most chats never show, in a script of their own (lazy.tsx). Only this file imports theirs, or they would
 * come with the first load; sizes.ts weighs both.
 */
import styles from "./later.css?inline";

export { Acts } from "../shared/components/messageParts.tsx";
export { Announced } from "./Announced.tsx";
export { CreditCard } from "./credit.tsx";
export { Ended } from "./Ended.tsx";
export { KeptPlace } from "./KeptPlace.tsx";
export { MenuList } from "./MenuList.tsx";
export { accountItems, chatItems, languageItems } from "./menus.ts";
export { Questions } from "./Questions.tsx";
export { SignIn } from "./SignIn.tsx";
export { isToppingUp } from "./TopUpCard.tsx";
export { Closed, LastChat, MostToSpend, NobodyThere, StartProblem } from "./startParts.tsx";

// A sheet that is made here, not loaded: the policy of the page allows it, and nothing is shown without its shapes.
const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets.push(sheet);

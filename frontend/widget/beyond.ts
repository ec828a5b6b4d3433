/**
 * What goes beyond talking: files, tickets, the form for when nobody is there, and articles that may answer before anybody does. A
 * script of its own, loaded on first use (lazy.tsx); sizes.ts weighs it.
 */
import files from "../shared/chatFiles.css?inline";
import styles from "./beyond.css?inline";

export { TrayList } from "../shared/components/chatFiles.tsx";
export { Files, headersOf, trayOf } from "./files.tsx";
export { Suggestions } from "./Suggestions.tsx";
export { MadeTicket, TicketForm } from "./TicketForm.tsx";

const sheet = new CSSStyleSheet();
sheet.replaceSync(`${files}\n${styles}`);
document.adoptedStyleSheets.push(sheet);

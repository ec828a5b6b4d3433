/** The server's own pages: start, signing in, API. They work without this script; it only keeps the demo's codes fresh, and closes windows. */
import "../shared/fonts.css";
import "../shared/tokens.css";
import "../shared/components.css";
import "../shared/page-components.css";
import "./pages.css";
import "./outbox.css";

import { closeWhenDone } from "./closing.ts";
import { keepCodesFresh } from "./codes.ts";
import { keepOutboxFresh } from "./outbox.ts";

const codes = document.querySelectorAll<HTMLElement>("[data-code]");
if (codes.length > 0) keepCodesFresh(codes);

const outbox = document.querySelector<HTMLElement>("[data-outbox]");
if (outbox) keepOutboxFresh(outbox);

const closer = document.querySelector<HTMLElement>("[data-closes-window]");
if (closer) closeWhenDone(closer);

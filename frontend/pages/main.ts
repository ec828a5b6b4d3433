/** The server's own pages: start, signing in, API. They work without this script; it only keeps the demo's codes fresh. */
import "../shared/fonts.css";
import "../shared/tokens.css";
import "../shared/components.css";
import "./pages.css";

import { keepCodesFresh } from "./codes.ts";

const codes = document.querySelectorAll<HTMLElement>("[data-code]");
if (codes.length > 0) keepCodesFresh(codes);

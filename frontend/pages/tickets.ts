/** The customers' pages of tickets and help articles. They work without this script. */
import "./tickets.css";

import { forgetSent } from "./drafts.ts";
import { suggestWhileTyping } from "./suggesting.ts";

suggestWhileTyping();
if (!document.querySelector("form[data-draft]")) forgetSent();

/** The customers' pages of tickets and help articles. They work without this script. */
import "./tickets.css";

import { suggestWhileTyping } from "./suggesting.ts";

suggestWhileTyping();

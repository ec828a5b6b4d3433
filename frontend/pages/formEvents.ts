/** What happens to a form that is sent by script, told on the form itself. */

/** It is about to be sent; what must be through before it is put into `detail`. */
export const SENDING = "balie:sending";
/** The hub has taken it. */
export const TAKEN = "balie:taken";
/** It did not arrive, or was not taken. */
export const NOT_TAKEN = "balie:not-taken";
/** The hub keeps its words as they are now, as a draft. */
export const KEPT_BY_HUB = "balie:kept-by-hub";

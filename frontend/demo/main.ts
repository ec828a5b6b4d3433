/** The demo shop's own script: says who has signed in with the shop, as any site with the widget would. */
import "../shared/fonts.css";
import "../shared/tokens.css";
import "../shared/components.css";
import "../shared/page-components.css";
import "./demo.css";

type Call = readonly [method: "identify" | "open", argument?: { token: string }];
interface Widget {
  identify(identity: { token: string }): void;
  open(): void;
}

const page = window as unknown as { Balie?: Widget | Call[] };

/** The loader may come before us or after; what was asked before it came is done when it does. */
function tell(call: Call): void {
  const widget = (page.Balie ??= []);
  if (Array.isArray(widget)) widget.push(call);
  else if (call[0] === "identify" && call[1]) widget.identify(call[1]);
  else widget.open();
}

// Without a token nobody is signed in, which the widget must hear too: somebody else may have been before.
tell(["identify", { token: document.body.dataset.identity ?? "" }]);
for (const button of document.querySelectorAll("[data-open-chat]")) button.addEventListener("click", () => tell(["open"]));

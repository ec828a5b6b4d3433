// A page without its words: what axe's rules look at, colours apart (skeleton.py). A line for the page and for each of its
// shadow trees, as a script may put one there a moment later; none where frames are.
() => {
  const SPOKEN = new Set(
    ["alt", "aria-description", "aria-valuetext", "content", "label", "placeholder", "summary", "title", "value"],
  );
  const ANY = new Set(["action", "datetime", "formaction", "href", "nonce", "src", "srcset", "style"]);
  const OURS = new Set(["en", "nl", "hr", "it", "fa"]);
  const page = document.documentElement;
  const word = (text) => (/[\p{L}\p{N}]/u.test(text) ? "t" : text.trim() ? "." : "");
  const said = (one, { name, value }) => {
    if (name.startsWith("data-") || (one === page && name === "dir")) return "";
    if (name === "lang") return OURS.has(value) ? "lang" : `lang=${value}`;
    if (name === "selected" || (name === "aria-current" && one.name === "language")) return "";
    if (name === "href" && value.startsWith("#")) return `href=${value}`;
    if (ANY.has(name)) return name;
    if (name === "aria-label") return `${name}=${word(value)}${alike(value)}`;
    if (name === "alt" && one.closest("a, button")?.textContent.trim() === value.trim()) return "alt twice";
    if (SPOKEN.has(name) && one.name !== "viewport" && one.httpEquiv !== "refresh") return `${name}=${word(value)}`;
    return `${name}=${value}`;
  };
  const names = []; // two of the same on a page are told from two that differ
  const alike = (name) => (names.includes(name) ? names.indexOf(name) : names.push(name) - 1);
  const scrolls = (one) => {
    if (one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight) return "";
    const { overflowX, overflowY } = getComputedStyle(one);
    return /auto|scroll/.test(overflowX + overflowY) ? "~" : "";
  };
  const whole = (one, shown) => {
    if (one instanceof HTMLScriptElement || one instanceof HTMLStyleElement || one instanceof HTMLLinkElement) return "";
    const seen = shown && one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (one.shadowRoot && !hosts.has(one)) return hosts.set(one, seen) && "";
    const attributes = [...one.attributes].map((each) => said(one, each)).filter(Boolean).join(" ");
    const named = one.id && one.matches("h1, h2, h3, h4, h5, h6, legend, caption, label") ? alike(one.textContent) : "";
    return `<${one.localName}${named}${seen ? scrolls(one) : "!"} ${attributes}${within(one, seen)}>`;
  };
  const within = (one, seen) => {
    const parts = [...one.childNodes].map((child) => {
      if (child.nodeType === Node.ELEMENT_NODE) return whole(child, seen);
      return child.nodeType === Node.TEXT_NODE ? word(child.data) : "";
    });
    return (one.querySelector(":scope > [name=language]") ? parts.sort() : parts).join("");
  };
  const tree = (one, seen) => {
    names.length = 0;
    return whole(one, seen) + (one.shadowRoot ? within(one.shadowRoot, seen) : "");
  };
  if (document.querySelector("iframe, frame, object, embed")) return [];
  const hosts = new Map();
  const trees = [tree(page, true)];
  for (const [host, seen] of hosts) trees.push(tree(host, seen)); // also those that it finds on its way
  return trees;
}

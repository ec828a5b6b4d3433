// Which colours meet on a page (colours.py): text, small or large, and what lies behind it. Also where it is hidden
// now, as another width may show it. None where frames are.
() => {
  const known = new Map();
  const looked = (one) => known.get(one) ?? known.set(one, look(one)).get(one);
  const look = (one) => {
    const style = getComputedStyle(one);
    const { backgroundColor, backgroundImage, opacity, position, transform } = style;
    const parent = one.parentElement ?? one.getRootNode().host;
    const above = parent ? looked(parent) : { behind: "", place: "" };
    const clear = backgroundColor === "rgba(0, 0, 0, 0)" && backgroundImage === "none";
    const solid = !clear && !/^rgba|\//.test(backgroundColor) && backgroundImage === "none" && opacity === "1";
    const name = `${one.localName}.${one.className.baseVal ?? one.className}`;
    // Where that stands, and so what lies behind it, is not told by what it is in.
    const aside = !solid && (/absolute|fixed/.test(position) || transform !== "none") ? name : "";
    const own = clear && opacity === "1" && !aside ? "" : [backgroundColor, backgroundImage, opacity, aside].join();
    const off = one.matches(":disabled, [aria-disabled=true]") || one.closest("label")?.control?.disabled ? "!" : "";
    return { style, behind: solid ? own : `${own} ${above.behind}`, place: `${name}${off}>${above.place}` };
  };
  const meeting = (one) => {
    const { style, behind } = looked(one);
    const px = parseFloat(style.fontSize);
    const large = px >= 24 || (px >= 18.6 && style.fontWeight >= 700); // these may be paler (WCAG 1.4.3)
    return [style.color, large, style.textShadow, behind.trim()].join();
  };
  const unread = "svg *, script, noscript, option, [type=hidden], [type=checkbox], [type=radio], [type=file], [type=range]";
  const isText = (child) => child.nodeType === Node.TEXT_NODE && child.data.trim();
  const speaks = (one) =>
    !one.matches(unread) && (one.matches("input, select, textarea") || [...one.childNodes].some(isText));
  const all = (root = document.body, found = new Set()) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) all(one.shadowRoot, found);
      if (speaks(one)) found.add(`${meeting(one)}|${looked(one).place}`);
    }
    return found;
  };
  return { meeting, all: () => (document.querySelector("iframe, frame, object, embed") ? [] : [...all()]) };
}

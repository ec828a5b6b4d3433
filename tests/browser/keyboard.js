// What Tab must reach on a page, how each looks at rest, and what only a pointer could use (keyboard.py).
() => {
  const usable = "a[href], area[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]";
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const of = (one) => (one.type === "radio" ? `${one.form?.id ?? ""}|${one.form?.action ?? ""}|${one.name}` : one);
  const called = (one) => {
    const words = (one.ariaLabel || one.textContent || "").trim().slice(0, 40);
    return `${one.tagName.toLowerCase()} ${one.name || one.id || one.className} “${words}”`;
  };
  const look = (one) => {
    const around = [one, one.closest("label"), ...(one.labels ?? []), one.parentElement, one.nextElementSibling];
    return around.filter(Boolean).map((near) => {
      const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor, clipPath } = getComputedStyle(near);
      return [outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor, clipPath];
    }).join();
  };
  const covered = (one) => {
    const box = one.getBoundingClientRect();
    if (box.width < 4 || box.height < 4 || box.height > innerHeight) return false;
    const middle = box.width / 2;
    const places = [[4, 0.5], [middle, 0.1], [middle, 0.5], [middle, 0.9], [box.width - 4, 0.5]];
    const tops = places.map(([right, down]) => document.elementFromPoint(box.x + right, box.y + box.height * down));
    const labels = [...(one.labels ?? [])];
    const isIt = (top) => one.contains(top) || top.contains(one) || labels.some((label) => label.contains(top));
    return !tops.some((top) => top && isIt(top));
  };
  const stops = [...document.querySelectorAll(usable)].filter((one) => one.tabIndex >= 0 && !one.disabled && shown(one));
  const rest = new Map(stops.map((one) => [one, look(one)]));
  const left = new Map(stops.map((one) => [of(one), called(one)]));
  const wrong = [];
  document.addEventListener("focusin", ({ target }) => {
    if (!left.delete(of(target))) return;
    if (!target.shadowRoot && rest.get(target) === look(target)) wrong.push(`no ring: ${called(target)}`);
    setTimeout(() => {  // the browser scrolls to it afterwards
      if (target.matches(":focus") && covered(target)) wrong.push(`covered: ${called(target)}`);
    });
  });
  for (const one of document.querySelectorAll("body *")) {
    if (one instanceof SVGElement || !shown(one) || getComputedStyle(one).cursor !== "pointer") continue;
    const near = one.closest(`${usable}, label, option`) || one.querySelector(usable);
    if (!near) wrong.push(`for a pointer alone: ${called(one)}`);
  }
  window.byKeyboard = { left, wrong };
  const parts = stops.map((one) => ({ "datetime-local": 7, date: 4, time: 3, month: 3 })[one.type] ?? 0); // typed part by part
  return parts.reduce((all, some) => all + some, left.size);
}

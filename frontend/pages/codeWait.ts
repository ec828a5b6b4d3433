/** Until another code can be asked for, the page says how long; the buttons come when it is time. Without script they are always there. */
export function countDown(part: HTMLElement, now: () => number = Date.now): void {
  const text = part.querySelector<HTMLElement>("[data-waiting]");
  const left = part.querySelector<HTMLElement>("[data-left]");
  const from = now();
  const wait_s = Number(part.dataset["againIn"]);
  if (!text || !left || !(wait_s > 0)) return;
  const digits = new Intl.NumberFormat(document.documentElement.lang || "en");
  const tick = () => {
    const left_s = Math.ceil(wait_s - (now() - from) / 1000);
    text.hidden = left_s <= 0;
    part.toggleAttribute("data-waits", left_s > 0);
    left.textContent = digits.format(Math.max(0, left_s));
    if (left_s > 0) setTimeout(tick, 1000);
  };
  tick();
}

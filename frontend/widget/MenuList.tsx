import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

import { Icon } from "../shared/components/Icon.tsx";
import type { MenuItem } from "./Frame.tsx";

export interface MenuListProps {
  readonly items: readonly MenuItem[];
  readonly label: string;
  /** What holds the button and the list. */
  readonly box: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** Escape and a click elsewhere close it; arrows walk through it. */
export function MenuList({ items, label, box, onClose }: MenuListProps) {
  const entries = () => [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
  useEffect(() => {
    entries()[0]?.focus();
    const elsewhere = (event: Event) => !box.current?.contains(event.target as Node) && onClose();
    addEventListener("pointerdown", elsewhere);
    return () => removeEventListener("pointerdown", elsewhere);
  }, []);
  const close = () => {
    onClose();
    box.current?.querySelector("button")?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (step) {
      event.preventDefault();
      const all = entries();
      all.at((all.indexOf(document.activeElement as HTMLElement) + step) % all.length)?.focus();
    }
  };
  return (
    <div class="menu" role="menu" aria-label={label} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button type="button" role="menuitem" onClick={() => { close(); item.onChoose(); }}><Icon of={item.icon} />{item.text}</button>
      ))}
    </div>
  );
}

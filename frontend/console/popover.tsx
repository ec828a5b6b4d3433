/** A button with a small panel. Escape and a click outside close it; the focus goes in and comes back. */
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { type Drawing, Icon } from "../shared/components/index.ts";

import { menu, type Menu, toggleMenu } from "./screen.ts";

const FOCUSABLE = "[autofocus], input:checked, [aria-checked='true'], button:not([disabled]), input, select, textarea, a[href]";

export function usePopover(
  name: Menu,
  open: boolean,
): { readonly trigger: RefObject<HTMLButtonElement | null>; readonly panel: RefObject<HTMLDivElement | null> } {
  const trigger = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const close = () => {
      if (menu.peek() === name) menu.value = null;
    };
    const onPointer = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!panel.current?.contains(target) && !trigger.current?.contains(target)) close();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
    };
    const inside = panel.current;
    (inside?.querySelector<HTMLElement>("[autofocus]") ?? inside?.querySelector<HTMLElement>(FOCUSABLE))?.focus();
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey, true);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      document.removeEventListener("keydown", onKey, true);
      if (!document.activeElement || document.activeElement === document.body || inside?.contains(document.activeElement))
        trigger.current?.focus();
    };
  }, [open]);
  return { trigger, panel };
}

export interface DropProps {
  readonly name: Menu;
  readonly label: string;
  readonly icon?: Drawing;
  readonly keys?: string;
  readonly look?: "danger" | "soft" | "primary";
  /** The panel hangs from the end of the button instead of its start. */
  readonly end?: boolean;
  readonly disabled?: boolean;
  readonly small?: boolean;
  /** Made only while it is open. */
  readonly children: () => ComponentChildren;
}

export function Drop({ name, label, icon, keys, look, end, disabled, small, children }: DropProps) {
  const open = menu.value === name;
  const { trigger, panel } = usePopover(name, open);
  return (
    <span class={end ? "drop end" : "drop"}>
      <button
        ref={trigger}
        type="button"
        class={["btn", look ?? "", small ? "sm" : ""].filter(Boolean).join(" ")}
        disabled={disabled}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => toggleMenu(name)}
      >
        {icon && <Icon of={icon} size="sm" />}
        {label}
        {keys && <kbd aria-hidden="true">{keys}</kbd>}
      </button>
      {open && (
        <div ref={panel} class="pop appear" role="dialog" aria-label={label}>
          {children()}
        </div>
      )}
    </span>
  );
}

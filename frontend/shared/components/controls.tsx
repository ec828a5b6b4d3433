import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

import { alertIcon, closeIcon, infoIcon } from "../icons.ts";
import { t } from "../i18n.ts";
import { type Drawing, Icon } from "./Icon.tsx";

type ButtonLook = "plain" | "primary" | "soft" | "quiet" | "danger";

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly look?: ButtonLook;
  readonly size?: "sm" | "md" | "lg";
  readonly block?: boolean;
  /** Keeps width and label; a second press does nothing. */
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly icon?: Drawing;
  readonly type?: "button" | "submit";
  readonly class?: string;
  readonly title?: string;
  readonly onClick?: () => void;
}

export function Button({ children, look = "plain", size = "md", block, busy, disabled, icon, type = "button", class: extra, title, onClick }: ButtonProps) {
  const classes = ["btn", look === "plain" ? "" : look, size === "md" ? "" : size, block ? "block" : "", extra ?? ""];
  return (
    <button
      class={classes.filter(Boolean).join(" ")} type={type} disabled={disabled} aria-busy={busy ? "true" : undefined} title={title}
      onClick={busy ? undefined : onClick}
    >
      {icon && <Icon of={icon} />}
      {children}
    </button>
  );
}

export interface IconButtonProps {
  readonly of: Drawing;
  readonly label: string;
  readonly flip?: boolean;
  readonly small?: boolean;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  readonly type?: "button" | "submit";
  readonly class?: string;
  readonly onClick?: (event: MouseEvent) => void;
}

export function IconButton({ of, label, flip, small, disabled, pressed, expanded, type = "button", class: extra, onClick }: IconButtonProps) {
  return (
    <button
      class={["ibtn", small ? "sm" : "", extra ?? ""].filter(Boolean).join(" ")} type={type} aria-label={label} title={label}
      disabled={disabled} aria-pressed={pressed} aria-expanded={expanded} onClick={onClick}
    >
      <Icon of={of} flip={flip ?? false} size={small ? "sm" : "md"} />
    </button>
  );
}

/** A button that looks like a link. */
export function LinkButton({ children, onClick, class: extra }: { children: ComponentChildren; onClick: () => void; class?: string }) {
  return <button type="button" class={`link ${extra ?? ""}`} onClick={onClick}>{children}</button>;
}

interface InputAttributes {
  readonly type?: "text" | "email" | "tel" | "password" | "number" | "search";
  readonly name?: string;
  readonly autocomplete?: string;
  readonly inputMode?: "text" | "decimal" | "numeric" | "tel" | "email" | "search";
  readonly maxLength?: number;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
  readonly dir?: "auto" | "ltr" | "rtl";
  readonly class?: string;
}

export interface FieldProps extends InputAttributes {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly large?: boolean;
  readonly rows?: number;
}

/** A labelled input (or, with `rows`, a text area); its hint and its error are read with it. */
export function Field({ label, value, onInput, hint, error, large, rows, class: extra, autoFocus, ...rest }: FieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (autoFocus) input.current?.focus();
  }, []);
  const note = error ?? hint;
  const shared = {
    id, value, "aria-invalid": error ? true : undefined, "aria-describedby": note ? `${id}-note` : undefined,
    class: `input ${large ? "lg" : ""} ${extra ?? ""}`,
  };
  return (
    <div class={error ? "field wrong" : "field"}>
      <label class="label" htmlFor={id}>{label}</label>
      {rows === undefined
        ? <input ref={input} {...textual(rest)} {...shared} onInput={(event) => onInput(event.currentTarget.value)} />
        : <textarea {...shared} rows={rows} dir="auto" maxLength={rest.maxLength} placeholder={rest.placeholder} onInput={(event) => onInput(event.currentTarget.value)} />}
      {note && <span class="hint" id={`${id}-note`}>{note}</span>}
    </div>
  );
}

/** Preact types inputs by their `type`; ours are all of text. */
function textual({ type = "text", ...rest }: InputAttributes) {
  return { ...rest, type: type as "text" };
}

export interface NoticeProps {
  readonly children: ComponentChildren;
  readonly look?: "info" | "caution" | "danger" | "ok";
  readonly icon?: Drawing;
  /** Read at once (`alert`) or when there is a pause (`status`). */
  readonly role?: "alert" | "status";
  readonly onClose?: () => void;
}

export function Notice({ children, look = "info", icon, role, onClose }: NoticeProps) {
  const drawing = icon ?? (look === "caution" || look === "danger" ? alertIcon : infoIcon);
  return (
    <div class={look === "info" ? "notice" : `notice ${look}`} role={role}>
      <Icon of={drawing} />
      <div class="grow">{children}</div>
      {onClose && <IconButton of={closeIcon} small label={t("Close")} onClick={onClose} />}
    </div>
  );
}

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import { number, t, tn } from "../i18n.ts";
import { clipIcon, closeIcon, sendIcon } from "../icons.ts";
import { plainOf } from "../linkify.ts";
import type { Line } from "../timeline.ts";
import { IconButton } from "./controls.tsx";

/** The hub counts code points, and so do we. */
export const TEXT_MAX = 8_000;
const COUNT_FROM = TEXT_MAX - 500;

export interface ComposerProps {
  readonly text: string;
  readonly onInput: (text: string) => void;
  readonly onSend: () => void;
  readonly placeholder: string;
  /** The message that is answered or changed. */
  readonly about?: { readonly line: Line; readonly how: "reply" | "edit" } | undefined;
  readonly onCancel?: () => void;
  readonly autoFocus?: boolean;
  /** Files that were chosen; without it none are taken. Who shows the composer takes those that are dropped and pasted, too. */
  readonly onFiles?: ((files: readonly File[]) => void) | undefined;
  /** What is to go along, above the words. */
  readonly tray?: ComponentChildren;
  /** `ready`: they may go without words. `wait`: they are still on their way. */
  readonly files?: "ready" | "wait" | undefined;
}

export function lengthOf(text: string): number {
  return [...text].length;
}

export function canSend(text: string): boolean {
  return text.trim() !== "" && lengthOf(text) <= TEXT_MAX;
}

export function Composer(props: ComposerProps) {
  const { text, onInput, onSend, about, onCancel } = props;
  const input = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => fitHeight(input.current), [text]);
  useLayoutEffect(() => {
    if (props.autoFocus || about) input.current?.focus();
  }, [about?.line.key, about?.how]);

  const over = lengthOf(text) - TEXT_MAX;
  const ready = props.files !== "wait" && (canSend(text) || (props.files === "ready" && over <= 0));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && about) {
      event.stopPropagation();
      onCancel?.();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (ready) onSend();
    }
  };
  return (
    <div class="composer">
      {about && (
        <div class="about">
          <span class="grow clip" dir="auto"><b>{about.how === "edit" ? t("Edit") : t("Reply to {name}", { name: about.line.message.author.name || t("yourself") })}</b> {plainOf(about.line.text, 80)}</span>
          <IconButton of={closeIcon} small label={t("Cancel")} onClick={() => onCancel?.()} />
        </div>
      )}
      {props.tray}
      <div class="comp">
        {props.onFiles && <Attach onFiles={props.onFiles} />}
        <textarea
          ref={input} rows={1} dir="auto" value={text} placeholder={props.placeholder} aria-label={props.placeholder}
          aria-invalid={over > 0 ? true : undefined} enterkeyhint="send"
          onInput={(event) => onInput(event.currentTarget.value)} onKeyDown={onKeyDown}
        />
        <IconButton of={sendIcon} flip class="go" label={about?.how === "edit" ? t("Save") : t("Send")} disabled={!ready} onClick={onSend} />
      </div>
      {lengthOf(text) > COUNT_FROM && (
        <p class={over > 0 ? "hint fail" : "hint"} role="status">
          {over > 0 ? tn("{n} character too many", "{n} characters too many", over) : t("{n} of {max} characters", { n: number(lengthOf(text)), max: number(TEXT_MAX) })}
        </p>
      )}
    </div>
  );
}

/** A button for files, for the mouse and the keyboard alike. */
export function Attach({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const chosen = ({ currentTarget: field }: { readonly currentTarget: HTMLInputElement }) => {
    onFiles([...(field.files ?? [])]);
    field.value = "";
  };
  return (
    <>
      <IconButton of={clipIcon} label={t("Attach files")} onClick={() => input.current?.click()} />
      <input ref={input} type="file" multiple hidden onChange={chosen} />
    </>
  );
}

/** Files that are dropped, and pictures that are pasted. For all of a screen: what is dropped beside it would take the page's place. */
export function takingFiles(onFiles: (files: readonly File[]) => void) {
  const take = (event: Event, of: DataTransfer | null) => {
    if (!of?.files.length) return;
    event.preventDefault();
    onFiles([...of.files]);
  };
  return {
    onDragOver: (event: DragEvent) => event.dataTransfer?.types.includes("Files") && event.preventDefault(),
    onDrop: (event: DragEvent) => take(event, event.dataTransfer),
    onPaste: (event: ClipboardEvent) => !event.clipboardData?.types.includes("text/plain") && take(event, event.clipboardData),
  };
}

/** Grows with the text where the browser does not do it by itself (field-sizing). */
function fitHeight(input: HTMLTextAreaElement | null): void {
  if (!input || CSS.supports("field-sizing", "content")) return;
  input.style.blockSize = "auto";
  input.style.blockSize = `${input.scrollHeight}px`;
}

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { TrayList } from "../shared/components/chatFiles.tsx";
import { Attach, Button, canSend, Icon, IconButton, lengthOf, TEXT_MAX } from "../shared/components/index.ts";
import { number, t, tn } from "../shared/i18n.ts";
import { closeIcon, lockIcon, noteIcon, sendIcon } from "../shared/icons.ts";
import { plainOf } from "../shared/linkify.ts";
import type { Session } from "../shared/protocol.ts";
import { Refused } from "../shared/socket.ts";

import type { Chat } from "./chats.ts";
import { useConsole, useDesk } from "./context.ts";
import { trayOf } from "./files.tsx";
import { about as abouts, type About, focusComposer, kind as kindSignal, setAbout } from "./screen.ts";
import { refusalText } from "./words.ts";

const COUNT_FROM = TEXT_MAX - 500;

/** Reply or note. What is typed is kept per chat and kind; an edit has a text of its own and leaves the draft alone. */
export function StaffComposer({ chat, session }: { readonly chat: Chat; readonly session: Session }) {
  const { boot, desk } = useConsole();
  const tray = trayOf(chat.id, boot.csrf);
  const kind = kindSignal.value;
  const about = abouts.value.get(chat.id);
  const editing = about?.how === "edit" ? about : undefined;
  const [edited, setEdited] = useState("");
  const [problem, setProblem] = useState("");
  const input = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (editing) setEdited(editing.text);
    setProblem("");
  }, [editing?.seq]);
  useLayoutEffect(() => {
    if (focusComposer.value > 0) input.current?.focus();
  }, [focusComposer.value]);

  const text = editing ? edited : desk.drafts.get(chat.id, kind);
  const over = lengthOf(text) - TEXT_MAX;
  const going = editing ? undefined : tray.state;
  const ready = going !== "wait" && (canSend(text) || (going === "ready" && over <= 0));
  const addFiles = (files: readonly File[]) => void tray.add(files).catch(() => undefined);
  const note = kind === "note" && !editing;

  const change = (value: string) => {
    if (editing) return setEdited(value);
    desk.drafts.set(chat.id, kind, value);
    if (!note) desk.talks.type(chat.id, value !== "");
  };
  const send = () => {
    if (!ready) return;
    if (editing) {
      desk.talks.edit(chat.id, editing.seq, text.trim()).then(
        () => setAbout(chat.id, undefined),
        (why: unknown) => setProblem(whyText(why)),
      );
      return;
    }
    const files = tray.take();
    desk.talks.say(chat.id, text.trim(), note ? { kind: "note", files } : { reply_to: about?.how === "reply" ? about.seq : undefined, files });
    desk.drafts.set(chat.id, kind, "");
    if (!note) setAbout(chat.id, undefined);
    desk.markRead(chat);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") {
      if (about) setAbout(chat.id, undefined);
      else input.current?.blur();
    }
  };
  const label = note ? t("Note, only staff see it") : t("Reply to {name}", { name: session.customer?.name ?? t("the customer") });
  if (about?.how === "delete") return <DeleteBar chat={chat} about={about} />;
  return (
    <div class={note ? "compose note" : "compose"}>
      {about && (
        <div class="replying">
          <span class="quote" dir="auto">
            <b>{editing ? t("Edit your message") : t("Reply to {name}", { name: about.name })}</b>
            <span>{plainOf(about.text)}</span>
          </span>
          <IconButton of={closeIcon} small label={t("Cancel")} onClick={() => setAbout(chat.id, undefined)} />
        </div>
      )}
      {!editing && (
        <div class="kind" role="group" aria-label={t("Kind of entry")}>
          <button type="button" aria-pressed={!note} onClick={() => choose("reply")}>
            {t("Reply")}
          </button>
          <button type="button" aria-pressed={note} onClick={() => choose("note")}>
            <Icon of={note ? lockIcon : noteIcon} size="sm" />
            {t("Note")}
            <kbd aria-hidden="true">N</kbd>
          </button>
          {note && <span class="hint">{t("Only staff see this")}</span>}
        </div>
      )}
      {!editing && <TrayList tray={tray} />}
      <textarea
        ref={input}
        id="composer"
        rows={2}
        dir="auto"
        value={text}
        placeholder={label}
        aria-label={label}
        aria-invalid={over > 0 ? true : undefined}
        enterkeyhint="send"
        onInput={(event) => change(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => desk.talks.type(chat.id, false)}
      />
      <div class="tools">
        {!editing && <Attach onFiles={addFiles} />}
        {problem && (
          <span class="over" role="alert">
            {problem}
          </span>
        )}
        {lengthOf(text) > COUNT_FROM && (
          <span class={over > 0 ? "hint over" : "hint"} role="status">
            {over > 0
              ? tn("{n} character too many", "{n} characters too many", over)
              : t("{n} of {max} characters", { n: lengthOf(text), max: number(TEXT_MAX) })}
          </span>
        )}
        <button type="button" class="btn primary send" disabled={!ready} onClick={send}>
          {editing ? t("Save") : note ? t("Add note") : t("Send")} {!editing && !note && <Icon of={sendIcon} size="sm" flip />}
        </button>
      </div>
    </div>
  );
}

function choose(kind: "reply" | "note"): void {
  kindSignal.value = kind;
  focusComposer.value += 1;
}

/** Gone is gone, so it asks once. */
function DeleteBar({ chat, about }: { readonly chat: Chat; readonly about: About }) {
  const desk = useDesk();
  const [problem, setProblem] = useState("");
  const remove = () => {
    desk.talks.remove(chat.id, about.seq).then(
      () => setAbout(chat.id, undefined),
      (why: unknown) => setProblem(whyText(why)),
    );
  };
  return (
    <div class="ended-bar" role="group" aria-label={t("Delete this message?")}>
      <p>
        <b>{t("Delete this message?")}</b>{" "}
        <span class="soft" dir="auto">
          {plainOf(about.text, 90)}
        </span>{" "}
        {problem && (
          <span class="fail" role="alert">
            {problem}
          </span>
        )}
      </p>
      <Button size="sm" look="quiet" onClick={() => setAbout(chat.id, undefined)}>
        {t("Keep it")}
      </Button>
      <button
        type="button"
        class="btn sm danger"
        autofocus
        ref={(button) => {
          button?.focus();
        }}
        onClick={remove}
      >
        {t("Delete message")}
      </button>
    </div>
  );
}

function whyText(why: unknown): string {
  return why instanceof Refused
    ? refusalText({ code: why.code, text: why.message })
    : t("That did not work. Nothing was changed.");
}

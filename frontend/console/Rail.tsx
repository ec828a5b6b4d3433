import { Avatar, BELL, Capacity, Icon, Presence } from "../shared/components/index.ts";
import { number, t } from "../shared/i18n.ts";
import { chatsIcon, gaugeIcon, minusIcon, plusIcon, soundIcon, soundOffIcon } from "../shared/icons.ts";
import type { PresenceStatus } from "../shared/protocol.ts";
import { presenceText } from "../shared/words.ts";

import { useConsole, useDesk } from "./context.ts";
import { usePopover } from "./popover.tsx";
import { menu, pane, toggleMenu } from "./screen.ts";
import { refusalText } from "./words.ts";

const STATUSES: readonly PresenceStatus[] = ["online", "busy", "away", "offline"];
const CAPACITY_MAX = 12;

/** Where I am and how I am. Only what exists has a place here. */
export function Rail() {
  const { boot, desk } = useConsole();
  const waiting = desk.offers.value.size + desk.unread.value;
  return (
    <aside class="rail" aria-label={t("Main")}>
      <span class="logo">
        <Icon of={BELL} size="lg" />
      </span>
      <nav aria-label={t("Sections")}>
        <a
          class={desk.offers.value.size > 0 ? "rail-item ringing" : "rail-item"}
          href="#chats"
          aria-current="page"
          onClick={(event) => {
            event.preventDefault();
            pane.value = "list";
          }}
        >
          <Icon of={chatsIcon} size="lg" />
          {t("Chats")}
          {waiting > 0 && (
            <span class="count">
              <span class="sr">{t("waiting for you:")} </span>
              {number(waiting)}
            </span>
          )}
        </a>
        <a class="rail-item" href={boot.board_url} target="balie-board">
          <Icon of={gaugeIcon} size="lg" />
          {t("Live")}
        </a>
      </nav>
      <span class="rail-space" />
      <SoundButton />
      <Myself />
    </aside>
  );
}

function Myself() {
  const desk = useDesk();
  const presence = desk.presence.value;
  const open = menu.value === "status";
  const { trigger, panel } = usePopover("status", open);
  if (!presence)
    return (
      <span class="me" aria-busy="true">
        <Avatar name={desk.me.name} id={desk.me.id} staff />
        <i class="sk w80" />
      </span>
    );
  return (
    <>
      <button
        ref={trigger}
        type="button"
        class="me"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => toggleMenu("status")}
        aria-label={t("{status}, {taken} of {of} chats. Change status", {
          status: presenceText(presence.status),
          taken: presence.chats,
          of: presence.capacity,
        })}
      >
        <span class="av-with">
          <Avatar name={desk.me.name} id={desk.me.id} staff />
          <Presence status={presence.status} quiet />
        </span>
        <span class="pres-name">{presenceText(presence.status)}</span>
        <span class={presence.capacity > 6 ? "cap-box many" : "cap-box"} aria-hidden="true">
          <Capacity taken={presence.chats} of={presence.capacity} />
        </span>
      </button>
      {open && (
        <div ref={panel} class="pop rail-pop appear" role="dialog" aria-label={t("Status and capacity")}>
          <StatusPanel />
        </div>
      )}
    </>
  );
}

function StatusPanel() {
  const desk = useDesk();
  const presence = desk.presence.value;
  const refusal = desk.refusals.value.get("presence");
  if (!presence) return null;
  const choose = (status: PresenceStatus) => {
    void desk.setPresence(status, presence.capacity || undefined);
    menu.value = null;
  };
  const setCapacity = (capacity: number) => void desk.setPresence(presence.status, capacity);
  return (
    <>
      <div role="radiogroup" aria-label={t("Status")} onKeyDown={moveInGroup}>
        {STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            class="opt"
            role="radio"
            aria-checked={presence.status === status}
            tabIndex={presence.status === status ? 0 : -1}
            onClick={() => choose(status)}
          >
            <Presence status={status} quiet />
            <span class="grow">
              {presenceText(status)}
              <small>{statusHint(status, presence.chats)}</small>
            </span>
          </button>
        ))}
      </div>
      {presence.capacity > 0 && (
        <div class="capset">
          <span id="capset">{t("Chats at once")}</span>
          <button
            type="button"
            class="ibtn sm"
            aria-label={t("Fewer")}
            disabled={presence.capacity <= 1}
            onClick={() => setCapacity(presence.capacity - 1)}
          >
            <Icon of={minusIcon} size="sm" />
          </button>
          <b class="num" role="status" aria-labelledby="capset">
            {number(presence.capacity)}
          </b>
          <button
            type="button"
            class="ibtn sm"
            aria-label={t("More chats")}
            disabled={presence.capacity >= CAPACITY_MAX}
            onClick={() => setCapacity(presence.capacity + 1)}
          >
            <Icon of={plusIcon} size="sm" />
          </button>
        </div>
      )}
      {refusal && (
        <p class="form wrong" role="alert">
          {refusalText(refusal)}
        </p>
      )}
    </>
  );
}

function statusHint(status: PresenceStatus, chats: number): string {
  switch (status) {
    case "online":
      return t("New chats come to you");
    case "busy":
      return t("Finish these, no new ones");
    case "away":
      return t("No new chats, back in a moment");
    case "offline":
      return chats > 0 ? t("End your chats first") : t("Nobody sees you at the counter");
  }
}

/** Arrow keys in a group of radio buttons made of buttons. */
export function moveInGroup(event: KeyboardEvent): void {
  const by =
    event.key === "ArrowDown" || event.key === "ArrowRight" ? 1 : event.key === "ArrowUp" || event.key === "ArrowLeft" ? -1 : 0;
  if (by === 0) return;
  const group = event.currentTarget as HTMLElement;
  const radios = [...group.querySelectorAll<HTMLElement>("[role='radio']")];
  const at = radios.indexOf(document.activeElement as HTMLElement);
  radios[(at + by + radios.length) % radios.length]?.focus();
  event.preventDefault();
}

function SoundButton() {
  const { sounds } = useConsole();
  const { on } = sounds.settings.value;
  const heard = on && sounds.armed.value;
  const open = menu.value === "sound";
  const { trigger, panel } = usePopover("sound", open);
  const label = heard ? t("Sound on") : on ? t("Click for sound") : t("Sound off");
  return (
    <>
      <button
        ref={trigger}
        type="button"
        class="rail-item"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => {
          if (on) void sounds.arm();
          toggleMenu("sound");
        }}
      >
        <Icon of={heard ? soundIcon : soundOffIcon} size="lg" />
        {label}
      </button>
      {open && (
        <div ref={panel} class="pop rail-pop appear" role="dialog" aria-label={t("Sound and notifications")}>
          <SoundPanel />
        </div>
      )}
    </>
  );
}

function SoundPanel() {
  const { sounds } = useConsole();
  const { on, volume, desktop } = sounds.settings.value;
  const switchOn = (wanted: boolean) => {
    sounds.change({ on: wanted });
    if (wanted) void sounds.arm().then(() => sounds.play("bell"));
  };
  return (
    <>
      <label class="opt">
        <span class="grow">
          {t("Sound")}
          <small>{t("A bell for a new chat, a tick for a message while you look elsewhere")}</small>
        </span>
        <input
          type="checkbox"
          class="switch"
          role="switch"
          checked={on}
          onChange={(event) => switchOn(event.currentTarget.checked)}
        />
      </label>
      <label class="opt">
        <span class="grow">
          {t("Notifications on the desktop")}
          <small>{desktopHint()}</small>
        </span>
        <input
          type="checkbox"
          class="switch"
          role="switch"
          checked={desktop && desktopState() === "granted"}
          disabled={desktopState() === "denied" || desktopState() === "none"}
          onChange={(event) => void switchDesktop(event.currentTarget.checked, (granted) => sounds.change({ desktop: granted }))}
        />
      </label>
      <div class="capset">
        <label class="grow" htmlFor="volume">
          {t("Volume")}
        </label>
        <input
          id="volume"
          type="range"
          min="0"
          max="1"
          step="0.1"
          value={volume}
          onInput={(event) => sounds.change({ volume: Number(event.currentTarget.value) })}
        />
        <button type="button" class="btn sm" disabled={!on} onClick={() => void sounds.arm().then(() => sounds.play("bell"))}>
          {t("Test")}
        </button>
      </div>
    </>
  );
}

function desktopState(): NotificationPermission | "none" {
  return typeof Notification === "undefined" ? "none" : Notification.permission;
}

function desktopHint(): string {
  switch (desktopState()) {
    case "denied":
      return t("Your browser blocks them for this page");
    case "none":
      return t("Your browser has none");
    case "granted":
    case "default":
      return t("When this tab is behind another window");
  }
}

async function switchDesktop(wanted: boolean, done: (granted: boolean) => void): Promise<void> {
  if (!wanted) return done(false);
  done((await Notification.requestPermission()) === "granted");
}

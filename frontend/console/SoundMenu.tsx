/** Sound and notifications: off until armed, and testable. */
import { Icon } from "../shared/components/index.ts";
import { t } from "../shared/i18n.ts";
import { soundIcon, soundOffIcon } from "../shared/icons.ts";

import { useConsole } from "./context.ts";
import { usePopover } from "./popover.tsx";
import { menu, toggleMenu } from "./screen.ts";

export function SoundButton() {
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

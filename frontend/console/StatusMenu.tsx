/** How I am, and how many chats I take at once (D1). */
import { Avatar, Capacity, Icon, Presence } from "../shared/components/index.ts";
import { LanguageChoice } from "../shared/components/LanguageChoice.tsx";
import { number, t } from "../shared/i18n.ts";
import { minusIcon, personIcon, plusIcon, signOutIcon } from "../shared/icons.ts";
import type { PresenceStatus } from "../shared/protocol.ts";
import { presenceText } from "../shared/words.ts";

import { useConsole, useDesk } from "./context.ts";
import { usePopover } from "./popover.tsx";
import { menu, toggleMenu } from "./screen.ts";
import { refusalText } from "./words.ts";

const STATUSES: readonly PresenceStatus[] = ["online", "busy", "away", "offline"];
const CAPACITY_MAX = 12;

export function Myself() {
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
  const { boot, desk } = useConsole();
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
      <LanguageChoice bundle="console" url={boot.language_url} csrf={boot.csrf} />
      <div class="ways">
        <a class="opt" href={boot.profile_url} target="balie-people">
          <Icon of={personIcon} size="sm" />
          {t("My details")}
        </a>
        <a class="opt" href={boot.logout_url}>
          <Icon of={signOutIcon} size="sm" />
          {t("Sign out")}
        </a>
      </div>
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
function moveInGroup(event: KeyboardEvent): void {
  const by =
    event.key === "ArrowDown" || event.key === "ArrowRight" ? 1 : event.key === "ArrowUp" || event.key === "ArrowLeft" ? -1 : 0;
  if (by === 0) return;
  const group = event.currentTarget as HTMLElement;
  const radios = [...group.querySelectorAll<HTMLElement>("[role='radio']")];
  const at = radios.indexOf(document.activeElement as HTMLElement);
  radios[(at + by + radios.length) % radios.length]?.focus();
  event.preventDefault();
}

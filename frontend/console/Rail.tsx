import { BELL, Icon } from "../shared/components/index.ts";
import { number, t } from "../shared/i18n.ts";
import { chatsIcon, gaugeIcon, ticketIcon, usersIcon } from "../shared/icons.ts";

import { useConsole } from "./context.ts";
import { pane } from "./screen.ts";
import { SoundButton } from "./SoundMenu.tsx";
import { Myself } from "./StatusMenu.tsx";

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
        <a class="rail-item" href={boot.tickets_url} target="balie-people">
          <Icon of={ticketIcon} size="lg" />
          {t("Tickets")}
        </a>
        <a class="rail-item" href={boot.people_url} target="balie-people">
          <Icon of={usersIcon} size="lg" />
          {t("People")}
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

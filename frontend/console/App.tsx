import { Announcer } from "../shared/announcer.tsx";
import { t } from "../shared/i18n.ts";

import { type Console, ConsoleContext } from "./context.ts";
import { Conversation } from "./Conversation.tsx";
import { CustomerPanel } from "./Customer.tsx";
import { KeysSheet } from "./KeysSheet.tsx";
import { List } from "./List.tsx";
import { Rail } from "./Rail.tsx";
import { RefundSheet } from "./Refund.tsx";
import { pane } from "./screen.ts";

export function App({ all }: { readonly all: Console }) {
  return (
    <ConsoleContext.Provider value={all}>
      <a class="skip" href="#conversation">
        {t("To the conversation")}
      </a>
      <div class="app" data-pane={pane.value}>
        <Rail />
        <main class="work">
          <h1 class="sr">{t("Chats")}</h1>
          <List />
          <Conversation />
        </main>
        <CustomerPanel />
      </div>
      <KeysSheet />
      <RefundSheet />
      <Announcer />
    </ConsoleContext.Provider>
  );
}

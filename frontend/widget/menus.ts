/** What stands in the menus of the header. */
import type { Conversation } from "../shared/conversations.ts";
import { language, t } from "../shared/i18n.ts";
import { checkIcon, downloadIcon, globeIcon, signInIcon, signOutIcon, stopIcon } from "../shared/icons.ts";
import type { Session } from "../shared/protocol.ts";
import { ownName } from "../shared/speech.ts";
import type { Place } from "./context.ts";
import type { MenuItem } from "./Frame.tsx";
import { download } from "./transcript.ts";
import type { Visit } from "./visit.ts";

export function languageItems(codes: readonly string[], speak: Place["speak"]): readonly MenuItem[] {
  const now = language();
  return codes.map((code) => ({ text: ownName(code), icon: code === now ? checkIcon : globeIcon, onChoose: () => void speak(code) }));
}

/** Signing in and out, before a chat. */
export function accountItems(visit: Visit, onSignIn: () => void): readonly MenuItem[] {
  const customer = visit.account.customer.value;
  if (!customer) return [{ text: t("Sign in"), icon: signInIcon, onChoose: onSignIn }];
  return [{
    text: t("Sign out {name}", { name: customer.name }), icon: signOutIcon, onChoose: () => {
      visit.signOut();
      visit.socket.open();
      void visit.departments.load().catch(() => undefined);
    },
  }];
}

export function chatItems({ visit, name }: Place, conversation: Conversation, session: Session): readonly MenuItem[] {
  const keep = { text: t("Download the chat"), icon: downloadIcon, onChoose: () => download(conversation, session, name) };
  if (session.state === "ended") return [keep];
  return [keep, { text: session.agent ? t("End the chat") : t("Leave the queue"), icon: stopIcon, onChoose: () => void visit.end(session.session) }];
}

import { t } from "../shared/i18n.ts";
import { signInIcon, signOutIcon } from "../shared/icons.ts";
import type { MenuItem } from "./Frame.tsx";
import type { Visit } from "./visit.ts";

/** Signing in and out, for every header before and after a chat. */
export function accountMenu(visit: Visit, onSignIn: () => void): readonly MenuItem[] {
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

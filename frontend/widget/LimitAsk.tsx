/** At the spending limit a member asks the manager for more; the chat goes on by itself when it is raised (P4). */
import { useState } from "preact/hooks";

import { announce } from "../shared/announcer.tsx";
import { Button, Notice } from "../shared/components/controls.tsx";
import { t } from "../shared/i18n.ts";
import type { Session } from "../shared/protocol.ts";
import { Refused } from "../shared/socket.ts";
import { usePlace } from "./context.ts";

export function LimitAsk({ session }: { readonly session: Session }) {
  const { visit } = usePlace();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  if (session.limit_asked) {
    return <p role="status"><b>{t("Your manager was asked. As soon as the limit is raised, the chat goes on by itself.")}</b></p>;
  }
  const ask = () => {
    setBusy(true);
    setProblem("");
    visit.askForMore(session.session)
      .then(() => announce(t("Your manager was asked.")))
      .catch((failure: unknown) => setProblem(failure instanceof Refused ? failure.message : t("That did not work. Try again.")))
      .finally(() => setBusy(false));
  };
  return (
    <>
      {problem && <Notice look="danger" role="alert" onClose={() => setProblem("")}>{problem}</Notice>}
      <Button look="primary" size="lg" block busy={busy} onClick={ask}>{t("Ask your manager for more")}</Button>
    </>
  );
}

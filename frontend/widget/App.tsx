import { useState } from "preact/hooks";

import { Announcer } from "../shared/announcer.tsx";
import type { Conversation } from "../shared/conversations.ts";
import { Chat } from "./Chat.tsx";
import { type Detour, usePlace } from "./context.ts";
import { Ended } from "./Ended.tsx";
import { SignIn } from "./SignIn.tsx";
import { Skeleton } from "./Skeleton.tsx";
import { Start } from "./Start.tsx";

export function App() {
  const { visit } = usePlace();
  const [detour, setDetour] = useState<Detour>(null);
  const current = visit.current.value;
  const wanted = detour ?? (visit.startProblem.value?.kind === "sign_in" ? "sign_in" : null);
  const back = () => {
    setDetour(null);
    if (visit.startProblem.peek()?.kind === "sign_in") visit.startProblem.value = null;
  };
  return (
    <>
      {wanted === "sign_in" && !current ? <SignIn onDone={back} /> : <View current={current} onSignIn={() => setDetour("sign_in")} />}
      <Announcer />
    </>
  );
}

function View({ current, onSignIn }: { readonly current: Conversation | null; readonly onSignIn: () => void }) {
  const { visit } = usePlace();
  const session = current?.session.value;
  if (current && session) {
    return session.state === "ended"
      ? <Ended key={current.id} conversation={current} session={session} />
      : <Chat key={current.id} conversation={current} session={session} />;
  }
  if (!visit.arrived.value) return <Skeleton />;
  return <Start onSignIn={onSignIn} />;
}

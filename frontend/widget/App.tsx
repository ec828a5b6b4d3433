import { useState } from "preact/hooks";

import { Announcer } from "../shared/announcer.tsx";
import { Chat } from "./Chat.tsx";
import { type Detour, usePlace } from "./context.ts";
import { later as part, useBeyond, useLater } from "./lazy.tsx";
import { Skeleton } from "./Skeleton.tsx";
import { Start } from "./Start.tsx";

export function App() {
  return (
    <>
      <View />
      <Announcer />
    </>
  );
}

/** While a screen that comes later is on its way, the one before it stays, so that nothing flashes. */
function View() {
  const { visit } = usePlace();
  const [detour, setDetour] = useState<Detour>(null);
  const current = visit.current.value;
  const session = current?.session.value;
  const wanted = detour ?? (visit.startProblem.value?.kind === "sign_in" ? "sign_in" : null);
  const later = useLater(session ? session.state === "ended" : wanted !== null);
  const signIn = () => {
    setDetour("sign_in");
    void part.want();
  };
  const back = () => {
    setDetour(null);
    if (visit.startProblem.peek()?.kind === "sign_in") visit.startProblem.value = null;
  };
  const tickets = useBeyond(visit.ticketing.value !== null);
  if (visit.ticketing.value && wanted !== "sign_in" && tickets && visit.departments.find(visit.ticketing.value.department)) return <tickets.TicketForm wanted={visit.ticketing.value} onSignIn={signIn} />;
  if (current && session && wanted !== "sign_in") {
    if (session.state !== "ended") return <Chat key={current.id} conversation={current} session={session} />;
    return later ? <later.Ended key={current.id} conversation={current} session={session} /> : <Skeleton />;
  }
  if (wanted === "sign_in" && later) return <later.SignIn onDone={back} />;
  if (!visit.arrived.value) return <Skeleton />;
  return <Start onSignIn={signIn} signingIn={wanted === "sign_in" && !part.missing.value} />;
}

import { useEffect } from "preact/hooks";

import { Notice } from "../shared/components/controls.tsx";
import { usePlace } from "./context.ts";

/** A line or two of what is announced, in its own language (D4). */
export function Announced() {
  const { news, account, isShown } = usePlace().visit;
  const said = news.current.value;
  const who = account.customer.value?.id;
  const shown = isShown.value;
  useEffect(() => {
    if (said && shown) news.noteSeen(said.id);
  }, [said?.id, who, shown]);
  if (!said) return null;
  return (
    <Notice onClose={() => news.putAway(said.id)}>
      <span lang={said.language} dir="auto"><b>{said.title}</b> {said.text}</span>
    </Notice>
  );
}

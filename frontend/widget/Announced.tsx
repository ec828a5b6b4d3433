import { useEffect, useMemo } from "preact/hooks";

import { Notice } from "../shared/components/controls.tsx";
import { usePlace } from "./context.ts";
import { News } from "./news.ts";

/** A line or two of what is announced, in its own language (D4). */
export function Announced() {
  const { visit, site, lasting } = usePlace();
  const { account, departments, isShown } = visit;
  const news = useMemo(() => new News(site, lasting, account, departments), [visit]);
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

/** What a screen reader should say now, though the focus is elsewhere: new messages politely, warnings at once. */
import { signal } from "@preact/signals";

interface Said {
  readonly text: string;
  readonly turn: number;
}

const polite = signal<Said>({ text: "", turn: 0 });
const urgent = signal<Said>({ text: "", turn: 0 });

export function announce(text: string, how: "polite" | "urgent" = "polite"): void {
  const region = how === "urgent" ? urgent : polite;
  region.value = { text, turn: region.peek().turn + 1 };
}

/** Put once near the root of a page, outside everything that is replaced. */
export function Announcer() {
  return (
    <>
      <div class="sr" aria-live="polite"><Spoken said={polite.value} /></div>
      <div class="sr" aria-live="assertive"><Spoken said={urgent.value} /></div>
    </>
  );
}

/** A new element per announcement, so that the same words twice are read twice. */
function Spoken({ said }: { readonly said: Said }) {
  return said.text ? <span key={said.turn}>{said.text}</span> : null;
}

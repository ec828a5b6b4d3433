/** The window: header, what stands under it, body, foot. Every state of the widget is one of these. */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";

import { takingFiles } from "../shared/components/Composer.tsx";
import { type Drawing, Icon } from "../shared/components/Icon.tsx";
import { IconButton, LinkButton } from "../shared/components/controls.tsx";
import { exactDuration, number, t } from "../shared/i18n.ts";
import { alertIcon, downIcon, moreIcon, offlineIcon } from "../shared/icons.ts";
import { tick } from "../shared/tick.ts";
import { usePlace } from "./context.ts";
import { beyond, Late, type Later, later } from "./lazy.tsx";

export interface MenuItem {
  readonly text: string;
  readonly icon: Drawing;
  readonly onChoose: () => void;
}

export type MenuOf = (here: Later) => readonly MenuItem[];

export interface FrameProps {
  readonly label: string;
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** The mark or who one talks to. */
  readonly face: ComponentChildren;
  /** Made when it is opened, of what came later. */
  readonly menu?: MenuOf;
  readonly tools?: ComponentChildren;
  /** The strip between header and body. */
  readonly strip?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly foot?: ComponentChildren;
  readonly busy?: boolean;
  /** Files that are dropped or pasted anywhere. */
  readonly onFiles?: ((files: readonly File[]) => void) | undefined;
}

export function Frame(props: FrameProps) {
  const { minimise, bridge } = usePlace();
  return (
    <main class="w" aria-label={props.label} aria-busy={props.busy} {...(props.onFiles ? takingFiles(props.onFiles) : {})}>
      <header class="w-h">
        {props.face}
        <div class="grow">
          <h1 class="clip" dir="auto">{props.title}</h1>
          {props.subtitle && <p class="clip" dir="auto">{props.subtitle}</p>}
        </div>
        {props.tools}
        {props.menu && <Menu of={props.menu} label={t("More")} icon={moreIcon} />}
        {bridge.isEmbedded && <IconButton of={downIcon} label={t("Minimise")} onClick={minimise} />}
      </header>
      <TroubleBar />
      {props.strip}
      {props.children}
      {props.foot && <footer class="w-f">{props.foot}</footer>}
    </main>
  );
}

export function Mark({ of }: { readonly of: Drawing }) {
  return <span class="mark"><Icon of={of} size="lg" /></span>;
}

/** A short list under a button; the list itself comes later. */
export function Menu({ of, label, icon }: { readonly of: MenuOf; readonly label: string; readonly icon: Drawing }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  return (
    <div class="menu-box" ref={box}>
      <IconButton of={icon} label={label} expanded={open} onClick={() => setOpen(!open)} />
      {open && <Late>{(here) => <here.MenuList items={of(here)} label={label} box={box} onClose={() => setOpen(false)} />}</Late>}
    </div>
  );
}

/** A lost line is said at once, with what it means for the bill; then that a part of the widget did not come. */
function TroubleBar() {
  const { visit } = usePlace();
  const line = visit.socket.line.value;
  const lost = visit.lost_at.value !== undefined;
  if (line.state === "stopped") {
    if (line.why === "replaced") return <Bar text={t("The chat goes on in another window.")} action={t("Use it here")} onAction={() => visit.socket.open()} />;
    return <Bar text={t("You are signed out.")} action={t("Close")} onAction={() => visit.signOut()} />;
  }
  // Before the first contact there is nothing to lose: the skeleton says that we are connecting.
  if (line.state === "open" || line.state === "closed" || !(lost || (visit.account.expectsChat && line.state === "waiting"))) return <MissingBar />;
  const limits = visit.socket.welcome.value?.limits;
  const metered = visit.current.value?.meter.value != null;
  const text = metered ? t("No connection. Longer than {time} is not charged.", { time: exactDuration(limits?.customer_away_s ?? 60) }) : t("No connection. What you type is kept.");
  if (line.state === "connecting") return <Bar text={text} note={t("Connecting")} />;
  const seconds = Math.max(1, Math.ceil((line.retry_at - tick.value) / 1000));
  return <Bar text={text} note={t("Trying again in {n} s", { n: number(seconds) })} action={t("Now")} onAction={() => visit.socket.nudge()} />;
}

/** What is needed now did not come. If it still does not while there is a line, the hub was updated, and has it for a new page. */
function MissingBar() {
  const { anew, visit } = usePlace();
  const part = later.missing.value ? later : beyond;
  if (!part.missing.value) return null;
  const again = async () => {
    if (!(await part.want()) && visit.isOnline) anew?.();
  };
  const text = t("A part of the chat could not be loaded. What you typed is kept.");
  return <Bar icon={alertIcon} text={text} action={t("Try again")} onAction={() => void again()} />;
}

function Bar({ icon = offlineIcon, text, note, action, onAction }: {
  readonly icon?: Drawing; readonly text: string; readonly note?: string; readonly action?: string; readonly onAction?: () => void;
}) {
  return (
    <div class="offbar">
      <Icon of={icon} />
      <div class="grow"><span role="status">{text}</span>{note && <small class="num">{note}</small>}</div>
      {action && onAction && <LinkButton onClick={onAction}>{action}</LinkButton>}
    </div>
  );
}

/** A chat from the queue to its last message. What changes between the states is the strip, the card above or below the messages, and the words. */
import { useState } from "preact/hooks";

import { canSend, Composer } from "../shared/components/Composer.tsx";
import { LinkButton } from "../shared/components/controls.tsx";
import { BELL, Icon } from "../shared/components/Icon.tsx";
import { MessageList } from "../shared/components/MessageList.tsx";
import { MeterStrip } from "../shared/components/MeterStrip.tsx";
import { Avatar } from "../shared/components/people.tsx";
import type { Conversation } from "../shared/conversations.ts";
import { number, t, tn } from "../shared/i18n.ts";
import { pauseIcon } from "../shared/icons.ts";
import { readMeter, warningOf } from "../shared/meter.ts";
import type { Session } from "../shared/protocol.ts";
import { tick } from "../shared/tick.ts";
import { type Line, linesOf } from "../shared/timeline.ts";
import { pauseText } from "../shared/words.ts";
import { BigRing } from "./BigRing.tsx";
import { usePlace } from "./context.ts";
import { Frame, type FrameProps, Mark } from "./Frame.tsx";
import { beyond, Late, later, useBeyond, useLater } from "./lazy.tsx";
import type { Visit } from "./visit.ts";

interface About {
  readonly line: Line;
  readonly how: "reply" | "edit";
}

export function Chat({ conversation, session }: { readonly conversation: Conversation; readonly session: Session }) {
  const { visit } = usePlace();
  const [about, setAbout] = useState<About | undefined>();
  const text = about?.how === "edit" ? undefined : visit.draft.textOf(session.session);
  const [edited, setEdited] = useState("");
  const lines = linesOf(conversation.timeline.value);
  const here = useLater(false);
  const more = useBeyond(lines.some(({ message }) => message.files?.length || message.event?.type === "ticket"));
  const tray = about?.how === "edit" ? undefined : more?.trayOf(visit, session.session);
  const takesFiles = visit.socket.welcome.value?.features.includes("files") && about?.how !== "edit";
  const addFiles = (files: readonly File[]) => void beyond.want().then((part) => part?.trayOf(visit, session.session).add(files)).catch(() => undefined);

  const send = () => {
    const words = (text ?? edited).trim();
    const files = tray?.state === "ready" ? tray.take() : undefined;
    if (!files && !canSend(words)) return;
    if (about?.how === "edit") void visit.conversations.edit(session.session, about.line.message.seq ?? 0, words).catch(() => undefined);
    else {
      visit.conversations.say(session.session, words, { reply_to: about?.line.message.seq ?? undefined, files });
      visit.draft.setText(session.session, "");
    }
    setAbout(undefined);
  };
  const input = (value: string) => {
    if (about?.how === "edit") setEdited(value);
    else {
      visit.draft.setText(session.session, value);
      visit.conversations.type(session.session, value !== "");
    }
  };
  const edit = (line: Line) => {
    setEdited(line.text);
    setAbout({ line, how: "edit" });
  };
  return (
    <ChatFrame conversation={conversation} session={session} onFiles={takesFiles ? addFiles : undefined} foot={isShutOut(visit) ? undefined :
      <>
        <Composer
          text={text ?? edited} onInput={input} onSend={send} placeholder={placeholderOf(session, visit.isOnline)} about={about}
          onCancel={() => setAbout(undefined)} autoFocus onFiles={takesFiles ? addFiles : undefined} files={tray?.state}
          tray={tray && more && <more.TrayList tray={tray} />}
        />
        {/* While one talks it is in the menu, which comes later; nobody is to pay on because it did not come. */}
        {(!session.agent || later.missing.value) && <div class="row end"><LinkButton onClick={() => void visit.end(session.session)}>{session.agent ? t("End the chat") : t("Leave the queue")}</LinkButton></div>}
      </>
    }>
      <MessageList
        lines={lines} isMine={isMine} readSeq={readByOthers(conversation, visit.socket.welcome.value?.you.id)} online={visit.isOnline}
        typing={typingNames(conversation, session, visit.socket.welcome.value?.you.id)} now_ms={visit.socket.clock.now(tick.value)}
        {...(session.agent ? { them: { id: session.agent.id, staff: true } } : {})}
        onSeen={(seq) => visit.isShown.peek() && visit.conversations.markRead(session.session, seq)}
        parts={{ Acts: here?.Acts, Files: more?.Files(visit), cardOf: more && ((event) => event.type === "ticket" && <more.MadeTicket number={String(event["number"] ?? "")} />) || undefined }} head={<Head conversation={conversation} session={session} />}
        foot={<Credit conversation={conversation} session={session} />}
        actions={{
          reply: (line) => setAbout({ line, how: "reply" }), edit,
          remove: (line) => void visit.conversations.remove(session.session, line.message.seq ?? 0).catch(() => undefined),
          retry: (line) => visit.conversations.retry(session.session, line.key),
          discard: (line) => visit.conversations.discard(session.session, line.key),
        }}
      />
    </ChatFrame>
  );
}

/** Who is not let in any more cannot write on; the bar says why. */
function isShutOut(visit: Visit): boolean {
  const line = visit.socket.line.value;
  return line.state === "stopped" && line.why !== "replaced";
}

/** Header, menu and strip of a chat in any state but ended. */
function ChatFrame({ conversation, session, children, foot, onFiles }: Pick<FrameProps, "children" | "foot" | "onFiles"> & {
  readonly conversation: Conversation; readonly session: Session;
}) {
  const place = usePlace();
  const { visit, name } = place;
  const department = visit.departments.find(session.department)?.name;
  const agent = session.agent;
  const away = session.reason === "agent_away" || session.reason === "handover";
  return (
    <Frame
      label={t("Live chat")} title={agent?.name ?? department ?? name} subtitle={subtitleOf(session, department)}
      face={agent ? <Avatar name={agent.name} id={agent.id} staff presence={away ? "away" : "online"} /> : <Mark of={BELL} />}
      menu={({ chatItems }) => chatItems(place, conversation, session)}
      strip={<Strip conversation={conversation} session={session} />}
      foot={foot} onFiles={onFiles}
    >
      {children}
    </Frame>
  );
}

function Strip({ conversation, session }: { readonly conversation: Conversation; readonly session: Session }) {
  const { visit } = usePlace();
  const meter = conversation.meter.value;
  const { agent } = session;
  if (!agent) return null;
  const ready = meter ? meter.state === "ready" : !session.started_at && (session.price_m ?? 0) > 0;
  return (
    <>
      {meter && <MeterStrip meter={meter} serverNow={(local_ms) => visit.socket.clock.now(local_ms)} frozenAt={visit.lost_at.value} />}
      {ready && <p class="why"><Icon of={pauseIcon} size="sm" />{t("The meter starts with the first answer of {name}.", { name: agent.name })}</p>}
      {meter?.state === "paused" && <p class="why" role="status"><Icon of={pauseIcon} size="sm" />{t("Not charged: {reason}", { reason: pauseText(meter.reason ?? "") })}</p>}
    </>
  );
}

/** What stands below the messages when credit runs out (M4), or while more of it is bought. */
function Credit({ conversation, session }: { readonly conversation: Conversation; readonly session: Session }) {
  const place = usePlace();
  const { visit } = place;
  const here = useLater(false);
  const meter = session.agent ? conversation.meter.value : null;
  const reading = meter ? readMeter(meter, visit.socket.clock.now(tick.value), visit.lost_at.value) : undefined;
  const warning = reading && warningOf(reading);
  const isLow = reading?.state === "grace" || warning !== undefined;
  // Whose place is kept sees it there.
  if (session.reason === "payment" || !(isLow || here?.isToppingUp(place))) return null;
  return <Late>{({ CreditCard }) => <CreditCard reading={reading} warning={warning} session={session} />}</Late>;
}

/** What stands above the messages: the place in the queue, or the place that is kept. */
function Head({ conversation, session }: { readonly conversation: Conversation; readonly session: Session }) {
  if (session.agent) return null;
  if (session.state === "waiting" && session.reason === "payment") {
    const kept = <BigRing left={100} look="low" figure="…" small title={t("Your place is kept")} text={t("One moment")} />;
    return <Late meanwhile={kept}>{({ KeptPlace }) => <KeptPlace session={session} />}</Late>;
  }
  if (session.state === "offered") {
    return <BigRing left={100} figure={<Icon of={BELL} size="lg" />} title={t("Connecting you")} text={t("Somebody is being asked to answer.")} />;
  }
  const queue = conversation.queue.value;
  if (!queue) return <BigRing left={50} figure="…" title={t("Your chat is in the queue")} text={t("One moment")} />;
  const wait = queue.wait_s ? tn("About {n} minute.", "About {n} minutes.", Math.max(1, Math.round(queue.wait_s / 60))) : "";
  const people = queue.agents > 0 ? tn("{n} person is helping.", "{n} people are helping.", queue.agents) : t("Nobody is there right now. Your place is kept.");
  return (
    <BigRing left={100 / queue.position} figure={number(queue.position)} title={t("You are number {n}", { n: queue.position })} text={`${wait} ${people}`.trim()}>
      <span class="pill"><Icon of={pauseIcon} size="sm" />{t("Meter off, waiting is free")}</span>
    </BigRing>
  );
}

export function isMine(line: Line): boolean {
  return line.message.author.kind === "visitor";
}

function subtitleOf(session: Session, department: string | undefined): string {
  if (session.agent) return department ?? "";
  if (session.state === "waiting") return t("Your place is kept");
  return session.state === "offered" ? t("Connecting") : t("Your chat is in the queue");
}

function placeholderOf(session: Session, online: boolean): string {
  if (!online) return t("Keep typing, we keep it safe");
  return session.agent ? t("Write a message") : t("Add details while you wait");
}

function readByOthers(conversation: Conversation, me: string | undefined): number {
  return Object.entries(conversation.read.value).reduce((seq, [who, read]) => (who === me ? seq : Math.max(seq, read)), 0);
}

function typingNames(conversation: Conversation, session: Session, me: string | undefined): readonly string[] {
  const others = [...conversation.typing.value.keys()].filter((who) => who !== me);
  return others.map((who) => (session.agent?.id === who ? session.agent.name : t("A colleague")));
}


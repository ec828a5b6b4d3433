/** Files of a chat on the screen: those that stand in it, and those that are to go with the next message (C8). */
import { useEffect, useState } from "preact/hooks";

import { bytesOf, type Chosen, type Headers, save, settled, type Tray } from "../chatFiles.ts";
import { number, t } from "../i18n.ts";
import { closeIcon, downloadIcon, fileIcon } from "../icons.ts";
import type { ChatFile } from "../protocol.ts";
import { IconButton } from "./controls.tsx";
import { Icon } from "./Icon.tsx";

export function sizeText(bytes: number): string {
  if (bytes < 1_000_000) return t("{n} KB", { n: number(Math.max(1, Math.round(bytes / 1000))) });
  return t("{n} MB", { n: number(Math.round(bytes / 100_000) / 10) });
}

/** Pictures as small pictures, all else as cards. */
export function filesShown(headers: Headers) {
  return function Files({ files }: { readonly files: readonly ChatFile[] }) {
    return <div class="sent-files">{files.map((file) => <OneFile key={file.id} file={file} headers={headers} />)}</div>;
  };
}

function OneFile({ file, headers }: { readonly file: ChatFile; readonly headers: Headers }) {
  const [now, setNow] = useState(file);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let still = true;
    setNow(file);
    void settled(file, headers).then((found) => still && setNow(found));
    return () => void (still = false);
  }, [file.id, file.url, file.state]);
  const get = () => void save(now, headers).then(() => setFailed(false), () => setFailed(true));
  const name = now.name || t("File");
  const label = t("Download {name}", { name });
  if (now.preview_url) {
    return <button type="button" class="thumb" aria-label={label} title={name} onClick={get}><Thumbnail file={now} headers={headers} /></button>;
  }
  const state = failed ? t("That did not work. Try again.") : stateText(now);
  return (
    <button type="button" class="file-card" aria-label={label} disabled={!now.url} onClick={get}>
      <Icon of={now.url ? downloadIcon : fileIcon} />
      <span class="grow"><b class="clip" dir="auto">{name}</b><small>{state || sizeText(now.size ?? 0)}</small></span>
    </button>
  );
}

function Thumbnail({ file, headers }: { readonly file: ChatFile; readonly headers: Headers }) {
  const [source, setSource] = useState<string | undefined>();
  useEffect(() => {
    let url: string | undefined;
    let still = true;
    bytesOf(file.preview_url!, headers).then((blob) => {
      if (still) setSource((url = URL.createObjectURL(blob)));
    }, () => undefined);
    return () => {
      still = false;
      if (url) URL.revokeObjectURL(url);
    };
  }, [file.preview_url]);
  // The size keeps the room, so that nothing moves when it comes.
  return <img alt={file.name} src={source} width={file.width ?? undefined} height={file.height ?? undefined} />;
}

function stateText({ url, state }: ChatFile): string {
  if (url) return "";
  if (state === "refused") return t("This file was not accepted.");
  return state === "gone" ? t("Kept no longer") : t("Being checked");
}

/** What is to go with the next message. */
export function TrayList({ tray }: { readonly tray: Tray }) {
  const list = tray.list.value;
  const said = tray.said.value;
  if (list.length === 0 && !said) return null;
  return (
    <div class="tray">
      {list.length > 0 && <ul>{list.map((one) => <Waiting key={one.key} one={one} onRemove={() => tray.remove(one.key)} />)}</ul>}
      {said && <p class="hint fail" role="alert">{said}</p>}
    </div>
  );
}

function Waiting({ one, onRemove }: { readonly one: Chosen; readonly onRemove: () => void }) {
  const percent = one.size ? Math.round((100 * one.sent_bytes) / one.size) : 0;
  return (
    <li class={one.problem ? "wrong" : undefined}>
      {one.picture && !one.problem ? <img alt="" src={one.picture} /> : <Icon of={fileIcon} />}
      <span class="grow">
        <b class="clip" dir="auto">{one.name}</b>
        <small role={one.problem ? "alert" : undefined}>{one.problem ?? (one.file ? sizeText(one.size) : one.waits ? t("Waiting for the connection") : t("{n} %", { n: number(percent) }))}</small>
        {!one.file && !one.problem && <progress max={100} value={percent} aria-label={one.name} />}
      </span>
      <IconButton of={closeIcon} small label={one.file ? t("Remove {name}", { name: one.name }) : t("Cancel {name}", { name: one.name })} onClick={onRemove} />
    </li>
  );
}

/**
 * Files that are to go with the next message of a chat (C8): each with its progress, resumed when the line is cut. And the way to files
 * that stand in a chat: who reads says who they are with each request, so their bytes come by script.
 */
import { type ReadonlySignal, signal } from "@preact/signals-core";

import { ask } from "./http.ts";
import { t } from "./i18n.ts";
import type { ChatFile } from "./protocol.ts";
import { GivenUp, isPicture, makeSender, type Sender, type Upload } from "./uploads/sender.ts";

/** The protocol takes no more with one message. */
export const FILES_MAX = 10;
const FILES_URL = "/api/v1/files/";
/** A worker draws pictures anew before anybody sees them; so often it is asked whether it has, for as long as it may take. */
const LOOK_AGAIN_MS = [700, 1_500, 3_000, 5_000, ...Array.from({ length: 30 }, () => 10_000)];

/** What says who asks: nothing where a cookie does. */
export type Headers = () => Promise<Readonly<Record<string, string>>>;

export interface Chosen {
  readonly key: number;
  readonly name: string;
  readonly size: number;
  /** Of a picture, to be seen before it is sent. */
  readonly picture: string | undefined;
  readonly sent_bytes: number;
  /** The line is cut; it goes on by itself. */
  readonly waits: boolean;
  readonly file: ChatFile | undefined;
  readonly problem: string | undefined;
}

export class Tray {
  readonly #list = signal<readonly Chosen[]>([]);
  readonly #said = signal("");
  readonly #uploads = new Map<number, Upload>();
  readonly #headers: Headers;
  readonly #sender: Sender;
  #known: Readonly<Record<string, string>> = {};
  #next = 1;

  constructor(headers: Headers, sender?: Sender) {
    this.#headers = headers;
    this.#sender = sender ?? makeSender({ headers: () => this.#known });
  }

  get list(): ReadonlySignal<readonly Chosen[]> {
    return this.#list;
  }

  /** Why something was not taken at all. */
  get said(): ReadonlySignal<string> {
    return this.#said;
  }

  /** For a composer: some may go, some are on their way, or there are none. */
  get state(): "ready" | "wait" | undefined {
    const list = this.#list.value.filter((one) => !one.problem);
    if (list.length === 0) return undefined;
    return list.every((one) => one.file) ? "ready" : "wait";
  }

  async add(files: readonly File[]): Promise<void> {
    const room = Math.max(0, FILES_MAX - this.#list.peek().length);
    this.#said.value = files.length > room ? t("At most {n} files go with one message.", { n: FILES_MAX }) : "";
    const taken = files.slice(0, room);
    this.#known = await this.#headers();
    for (const file of taken) this.#begin(file);
  }

  remove(key: number): void {
    const one = this.#list.peek().find((other) => other.key === key);
    if (!one) return;
    if (one.file) void this.#headers().then((headers) => fetch(`${FILES_URL}${one.file!.id}/`, { method: "DELETE", headers })).catch(() => undefined);
    else this.#uploads.get(key)?.cancel();
    this.#drop(key);
  }

  /** What has arrived, to be sent; it is off the tray. */
  take(): readonly ChatFile[] {
    const files = this.#list.peek().flatMap(({ file }) => file ?? []);
    for (const { key } of this.#list.peek()) this.#drop(key);
    return files;
  }

  #begin(file: File): void {
    const key = this.#next++;
    const picture = isPicture(file) ? URL.createObjectURL(file) : undefined;
    this.#list.value = [...this.#list.peek(), {
      key, name: file.name || t("Screenshot"), size: file.size, picture, sent_bytes: 0, waits: false, file: undefined, problem: undefined,
    }];
    const upload = this.#sender.send(file, (sent_bytes, waits) => this.#change(key, { sent_bytes, waits }));
    this.#uploads.set(key, upload);
    upload.done.then(
      ({ id, name, size, state }) => this.#change(key, { file: { id, name, size, ...(state === "ready" ? {} : { state }) }, sent_bytes: file.size }),
      (failure: unknown) => {
        if (failure instanceof GivenUp) return;
        this.#change(key, { problem: (failure instanceof Error && failure.message) || t("This file was not accepted.") });
      },
    );
  }

  #change(key: number, change: Partial<Chosen>): void {
    this.#list.value = this.#list.peek().map((one) => (one.key === key ? { ...one, ...change } : one));
  }

  #drop(key: number): void {
    const { picture } = this.#list.peek().find((one) => one.key === key) ?? {};
    if (picture) URL.revokeObjectURL(picture);
    this.#uploads.delete(key);
    this.#list.value = this.#list.peek().filter((one) => one.key !== key);
    if (this.#list.peek().length < FILES_MAX) this.#said.value = "";
  }
}

/** The file as it is now, once it may be had, or once it is known that it never will. */
export async function settled(file: ChatFile, headers: Headers): Promise<ChatFile> {
  for (const wait_ms of LOOK_AGAIN_MS) {
    if (file.url || file.state === "refused" || file.state === "gone") return file;
    await new Promise((over) => setTimeout(over, wait_ms));
    file = await ask<ChatFile>(`${FILES_URL}${file.id}/`, { headers: await headers() }).catch(() => file);
  }
  return file;
}

export async function bytesOf(url: string, headers: Headers): Promise<Blob> {
  const answer = await fetch(url, { headers: await headers() });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.blob();
}

/** Offers it for saving under its name. */
export async function save(file: ChatFile, headers: Headers): Promise<void> {
  if (!file.url) return;
  const url = URL.createObjectURL(await bytesOf(file.url, headers));
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

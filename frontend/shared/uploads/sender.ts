/**
 * One file to the server in parts that may be cut off and go on (tus 1.0.0; docs/how/files.md). A line that is cut is tried again,
 * later each time; who comes back with the same file within a day goes on where it stopped.
 */
import { t } from "../i18n.ts";
import { forget, recall, remember } from "./unfinished.ts";

/** What the server says of a file (`describe` in tickets/api/files.py). */
export interface Sent {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly state: string;
}

export interface Upload {
  readonly done: Promise<Sent>;
  /** Gives it up, here and on the server. */
  cancel(): void;
}

export interface Sender {
  send(file: File, onProgress?: (sent_bytes: number, waits: boolean) => void): Upload;
}

export interface SenderOptions {
  /** What says who sends: a CSRF token beside the cookie, or a bearer token. Asked before each request. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly url?: string;
}

const PART_BYTES = 1_000_000;
const TRIES_MAX = 12;
const PAUSE_MS = 800;
const PAUSE_MAX_MS = 20_000;
const AT_ONCE = 3;

/** The line was cut, or the server is not well: the same again, later. */
class Cut extends Error {}
/** Read, and not taken: the same again would be refused again. */
export class Refused extends Error {}
/** Given up by who sent it. */
export class GivenUp extends Error {}

export function isPicture(file: File): boolean {
  return /^image\/(?:png|jpeg|webp|gif)$/.test(file.type);
}

export function makeSender({ headers, url = "/api/v1/files/" }: SenderOptions): Sender {
  const turn = turns(AT_ONCE);
  return {
    send(file, onProgress = () => undefined) {
      const one = new OneUpload(file, url, headers, onProgress);
      return { done: turn(() => one.run()), cancel: () => one.cancel() };
    },
  };
}

class OneUpload {
  private readonly file: File;
  private readonly url: string;
  private readonly headers: SenderOptions["headers"];
  private readonly onProgress: (sent_bytes: number, waits: boolean) => void;
  private readonly key = crypto.randomUUID();
  private id = "";
  private offset = 0;
  private tries = 0;
  private given_up = false;
  private asked: XMLHttpRequest | undefined;
  private wake: (() => void) | undefined;

  constructor(file: File, url: string, headers: SenderOptions["headers"], onProgress: OneUpload["onProgress"]) {
    this.file = file;
    this.url = url;
    this.headers = headers;
    this.onProgress = onProgress;
  }

  async run(): Promise<Sent> {
    this.id = recall(this.file);
    for (;;) {
      if (this.given_up) throw new GivenUp();
      try {
        return await this.attempt();
      } catch (error) {
        if (!(error instanceof Cut) || this.tries >= TRIES_MAX) throw this.gone(error);
        this.tries += 1;
        this.onProgress(this.offset, true);
        await this.pause();
      }
    }
  }

  /** What was refused is not gone on with. A line that stays cut is, when the file is chosen again. */
  private gone(error: unknown): unknown {
    if (error instanceof Cut) return new Error(error.message || t("The line was cut. Choose the file again to go on."));
    forget(this.file);
    return error;
  }

  cancel(): void {
    this.given_up = true;
    this.asked?.abort();
    this.wake?.();
    forget(this.file);
    if (this.id) void fetch(`${this.url}${this.id}/`, { method: "DELETE", headers: this.headers() }).catch(() => undefined);
  }

  private async attempt(): Promise<Sent> {
    if (this.id) await this.findPlace();
    if (!this.id) await this.begin();
    while (this.offset < this.file.size) await this.sendPart();
    forget(this.file);
    const found = await this.ask("GET", `${this.url}${this.id}/`);
    const sent = JSON.parse(found.responseText) as Sent;
    if (sent.state === "refused") throw new Refused(t("This file was not accepted."));
    return sent;
  }

  private async begin(): Promise<void> {
    const name = btoa(String.fromCharCode(...new TextEncoder().encode(this.file.name.slice(-200))));
    const said = { "Upload-Length": String(this.file.size), "Upload-Metadata": `filename ${name}`, "Idempotency-Key": this.key };
    const answer = await this.ask("POST", this.url, said);
    const made = JSON.parse(answer.responseText) as Sent & { readonly received: number };
    this.id = made.id;
    this.offset = made.received;
    remember(this.file, this.id);
  }

  /** Where it goes on; from the beginning where the server does not know it any more. */
  private async findPlace(): Promise<void> {
    const answer = await this.ask("HEAD", `${this.url}${this.id}/`, {}, null, [404, 403]);
    const length = Number(answer.getResponseHeader("Upload-Length") ?? -1);
    this.offset = Number(answer.getResponseHeader("Upload-Offset") ?? 0);
    if (answer.status !== 200 || length !== this.file.size) this.startAnew();
  }

  private startAnew(): void {
    forget(this.file);
    this.id = "";
    this.offset = 0;
  }

  private async sendPart(): Promise<void> {
    const part = this.file.slice(this.offset, this.offset + PART_BYTES);
    const said = { "Upload-Offset": String(this.offset), "Content-Type": "application/offset+octet-stream" };
    const answer = await this.ask("PATCH", `${this.url}${this.id}/`, said, part, [409]);
    if (answer.status === 409) return this.findPlace();
    this.offset = Number(answer.getResponseHeader("Upload-Offset"));
    this.tries = 0;
    this.onProgress(this.offset, false);
  }

  private ask(
    method: string, url: string, headers: Readonly<Record<string, string>> = {}, body: Blob | null = null, fine: readonly number[] = [],
  ): Promise<XMLHttpRequest> {
    return new Promise((resolve, reject) => {
      const request = (this.asked = new XMLHttpRequest());
      request.open(method, url);
      const all = { Accept: "application/json", "Tus-Resumable": "1.0.0", ...this.headers(), ...headers };
      for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
      if (body) request.upload.onprogress = (event) => this.onProgress(Math.min(this.offset + event.loaded, this.file.size), false);
      request.onload = () => {
        if (request.status < 400 || fine.includes(request.status)) resolve(request);
        else reject(refusalOf(request));
      };
      request.onerror = request.ontimeout = () => reject(new Cut());
      request.onabort = () => reject(new GivenUp());
      request.timeout = 120_000;
      request.send(body);
    });
  }

  /** Longer each time; at once when the line is back. */
  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        window.clearTimeout(timer);
        removeEventListener("online", done);
        resolve();
      };
      const timer = window.setTimeout(done, Math.min(PAUSE_MS * 2 ** (this.tries - 1), PAUSE_MAX_MS));
      addEventListener("online", done);
      this.wake = done;
    });
  }
}

/** What is refused stays refused, and its sentence is shown; what is busy or broken may be well in a moment. */
function refusalOf(request: XMLHttpRequest): Error {
  if (request.status >= 500 || request.status === 429) return new Cut(t("The server does not answer. Please try again later."));
  try {
    const said = JSON.parse(request.responseText) as { readonly detail?: string; readonly title?: string };
    return new Refused(said.detail ?? said.title ?? "");
  } catch {
    return new Refused(t("This file was not accepted."));
  }
}

/** So many at once; the others wait. */
function turns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}

/**
 * What other people's pages load: a bubble, and on the first open a frame with the widget. At most 2 KB gzip; no other page's
 * styles reach it (shadow root) and it leaves none; nothing is stored before the widget was opened (C13).
 * The elements are made one by one and the styles are a constructed sheet, so that strict policies of the page allow them.
 */
import type { FromFrame, ToFrame } from "./messages.ts";

type Listener = (detail?: unknown) => void;
type EventName = "ready" | "open" | "close" | "message" | "unread";

/** Filled in at build time from the catalogs: language → the name of the bubble, where it is not the English one. */
declare const LABELS: Readonly<Record<string, string>>;
declare const LABEL: string;

interface Api {
  open(): void;
  close(): void;
  identify(identity: { token: string }): void;
  setLanguage(language: string): void;
  setFields(fields: Record<string, string>): void;
  on(event: EventName, listener: Listener): void;
  shutdown(): void;
}

const STYLES =
  ":host{all:initial!important}"
  + "button,iframe{position:fixed;inset-block-end:20px;inset-inline-end:20px;z-index:9999999;border:0;color-scheme:light dark}"
  + "button{inline-size:60px;block-size:60px;padding:0;border:2px solid #0000;border-radius:34%;display:grid;place-items:center;cursor:pointer;background:#254c9b;color:#fff;box-shadow:0 8px 40px #0003;font:700 14px system-ui}"
  + "button:hover{opacity:.9}"
  + "button:focus-visible{outline:2px solid #fff;box-shadow:0 0 0 4px #254c9b}"
  + "svg,b{grid-area:1/1}"
  + "svg{inline-size:30px;block-size:30px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round}"
  + "svg+svg{inline-size:46px;block-size:46px;transform:rotate(-90deg);stroke-width:3}"
  + "a{position:absolute;inset-block-start:-6px;inset-inline-end:-6px;min-inline-size:24px;line-height:24px;border-radius:12px;text-align:center;background:#b44a20}"
  + "iframe{inline-size:min(392px,100vw - 24px);block-size:min(704px,100dvh - 40px);border-radius:16px;box-shadow:0 8px 40px #0003;background:Canvas}"
  + "[hidden]{display:none!important}"
  + "@media(max-width:480px){iframe{inset:0;inline-size:100%;block-size:100dvh;border-radius:0}}";

const script = document.currentScript as HTMLScriptElement;
const { site, language, theme = "", color = "" } = script.dataset;
const hub = new URL(script.src).origin;
const earlier = (window as { Balie?: unknown }).Balie;

if (site && !(earlier as Api | undefined)?.open) {
  const listeners: [EventName, Listener][] = [];
  /** Told to every frame when it is ready, also to one that is made later. */
  const facts: Partial<Record<ToFrame["balie"], ToFrame>> = {};
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const bubble = document.createElement("button");
  const badge = document.createElement("a");
  const figure = document.createElement("b");
  let frame: HTMLIFrameElement | undefined;
  let ready = false;
  let isOpen = false;

  const make = (tag: string, attributes: Record<string, string>) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]!);
    return element;
  };
  const draw = (size: number, d: string) => {
    const svg = make("svg", { viewBox: `0 0 ${size} ${size}` });
    svg.append(make("path", { d, pathLength: "100" }));
    bubble.append(svg);
    return svg;
  };
  const bell = draw(24, "M4.5 16.5a7.5 7.5 0 0 1 15 0M2.5 19.5h19M12 9V6.4M12 3.5a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8");
  const ring = draw(40, "M36 20a16 16 0 1 1-32 0a16 16 0 1 1 32 0");
  const sweep = ring.firstChild as Element;

  const emit = (event: EventName, detail?: unknown) => {
    for (const [name, listener] of listeners) if (name === event) listener(detail);
  };
  const tell = (message: ToFrame) => {
    if (ready) frame?.contentWindow?.postMessage(message, hub);
  };
  const note = (message: ToFrame) => {
    facts[message.balie] = message;
    tell(message);
  };
  /** Only after the first open: a chat must survive the next page of the shop. Without storage it opens as new there. */
  const remember = (state?: string) => {
    try {
      if (state === undefined) return sessionStorage.balie as string | undefined;
      sessionStorage.balie = state;
    } catch {
      return undefined;
    }
  };
  const speech = () => language || document.documentElement.lang || navigator.language;
  const name = () => LABELS[speech().slice(0, 2)] ?? LABEL;
  const label = () => {
    bubble.ariaLabel = name() + (badge.hidden ? "" : ` (${badge.textContent})`);
  };
  const show = (count: number) => {
    badge.textContent = String(count);
    badge.hidden = !count;
    label();
  };
  const showRing = (left: number, text: string) => {
    bell.toggleAttribute("hidden", !!text);
    ring.toggleAttribute("hidden", !text);
    figure.textContent = text;
    sweep.setAttribute("stroke-dasharray", `${left} 100`);
  };
  /** In the top layer, where no style of the page's own elements reaches, a turned or clipped body included. */
  const place = () => {
    host.popover = "manual";
    document.body.append(host);
    host.showPopover?.();
  };
  const load = () => {
    if (frame) return;
    frame = document.createElement("iframe");
    frame.title = name();
    frame.hidden = true;
    frame.src = `${hub}/widget/frame/?${new URLSearchParams({ site, lang: speech(), theme })}`;
    root.append(frame);
  };
  const set = (open: boolean) => {
    if (open === isOpen || !frame) return;
    isOpen = open;
    frame.hidden = !open;
    bubble.hidden = open;
    remember(open ? "open" : "close");
    tell({ balie: open ? "open" : "close" });
    (open ? frame : bubble).focus();
    emit(open ? "open" : "close");
  };
  const unload = () => {
    frame?.remove();
    host.remove();
    frame = undefined;
    ready = false;
  };

  addEventListener("message", ({ origin, source, data }: MessageEvent<FromFrame>) => {
    if (origin !== hub || !frame || source !== frame.contentWindow || !data) return;
    switch (data.balie) {
      case "ready":
        ready = true;
        tell({ balie: "page", url: location.href, title: document.title, referrer: document.referrer });
        for (const message of Object.values(facts)) tell(message);
        tell({ balie: isOpen ? "open" : "close" });
        emit("ready");
        break;
      case "close":
        set(false);
        break;
      case "unread":
        show(data.count);
        emit("unread", data.count);
        break;
      case "message":
        emit("message", data);
        break;
      case "ring":
        showRing(data.left, data.text);
        break;
      case "next":
        remember(data.as);
        break;
      case "gone":
        unload();
    }
  });

  const api: Api = {
    open() {
      if (!host.isConnected) place();
      load();
      set(true);
    },
    close: () => set(false),
    identify: ({ token }) => note({ balie: "identify", token }),
    setLanguage: (to) => note({ balie: "language", language: to }),
    setFields: (fields) => note({ balie: "fields", fields }),
    on: (...pair) => listeners.push(pair),
    shutdown() {
      set(false);
      delete facts.identify;
      remember("");
      // The frame forgets who it spoke for, and says when it has.
      if (ready) tell({ balie: "shutdown" });
      else unload();
    },
  };
  (window as { Balie?: unknown }).Balie = api;

  const start = () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    bubble.dir = getComputedStyle(document.documentElement).direction;
    bubble.append(figure, badge);
    bubble.style.background = color;
    bubble.onclick = api.open;
    showRing(0, "");
    show(0);
    root.append(bubble);
    place();
    const before = remember();
    if (before) load();
    set(before === "open");
    // A page may have asked before we came: Balie = [["identify", {token}], …]
    if (Array.isArray(earlier)) for (const [method, argument] of earlier) api[method as "identify"]?.(argument);
  };
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
}

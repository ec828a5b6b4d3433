/** What the loader on the page and the widget in its frame say to each other by postMessage. Both check the origin. */
export type ToFrame =
  | { balie: "open" | "close" | "shutdown" }
  | { balie: "page"; url: string; title: string; referrer: string }
  | { balie: "identify"; token: string }
  | { balie: "language"; language: string }
  | { balie: "fields"; fields: Record<string, string> };

export type FromFrame =
  | { balie: "ready" | "close" | "gone" }
  /** How the site's next page begins: with the bubble, once the end of a chat was seen. */
  | { balie: "next"; as: "open" | "close" }
  | { balie: "unread"; count: number }
  | { balie: "message"; name: string; text: string }
  /** How much of the credit is left (0 to 100) and the figure in the ring; without a figure, the bell. */
  | { balie: "ring"; left: number; text: string };

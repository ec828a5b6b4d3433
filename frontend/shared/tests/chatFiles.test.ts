// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";

import { FILES_MAX, settled, Tray } from "../chatFiles.ts";
import type { Sender } from "../uploads/sender.ts";

interface Underway {
  readonly file: File;
  readonly arrive: (state?: string) => void;
  readonly fail: (why: string) => void;
  readonly progress: (bytes: number, waits: boolean) => void;
  readonly cancelled: () => boolean;
}

function sender(): { readonly sender: Sender; readonly underway: Underway[] } {
  const underway: Underway[] = [];
  return {
    underway,
    sender: {
      send(file, progress = () => undefined) {
        let cancelled = false;
        const done = new Promise<{ id: string; name: string; size: number; state: string }>((resolve, reject) => {
          underway.push({
            file, progress, cancelled: () => cancelled, fail: (why) => reject(new Error(why)),
            arrive: (state = "ready") => resolve({ id: `id-${file.name}`, name: file.name, size: file.size, state }),
          });
        });
        return { done, cancel: () => (cancelled = true) };
      },
    },
  };
}

const nobody = () => Promise.resolve({});
const file = (name: string) => new File(["12345"], name, { type: "text/plain" });
const turn = () => new Promise((over) => setTimeout(over, 0));

describe("the tray (C8)", () => {
  it("lets files go once all of them have arrived, and is empty then", async () => {
    const { sender: one, underway } = sender();
    const tray = new Tray(nobody, one);
    await tray.add([file("a.log"), file("b.log")]);
    expect(tray.state).toBe("wait");
    underway[0]!.arrive();
    await turn();
    expect(tray.state).toBe("wait");
    underway[1]!.arrive("checking");
    await turn();
    expect(tray.state).toBe("ready");
    expect(tray.take().map(({ id, state }) => [id, state])).toEqual([["id-a.log", undefined], ["id-b.log", "checking"]]);
    expect(tray.list.value).toEqual([]);
    expect(tray.state).toBeUndefined();
  });

  it("tells how far it is, that the line is cut, and why a file was refused", async () => {
    const { sender: one, underway } = sender();
    const tray = new Tray(nobody, one);
    await tray.add([file("a.log")]);
    underway[0]!.progress(3, true);
    expect(tray.list.value[0]).toMatchObject({ sent_bytes: 3, waits: true });
    underway[0]!.fail("This file is not what its name says it is.");
    await turn();
    expect(tray.list.value[0]!.problem).toBe("This file is not what its name says it is.");
    expect(tray.state, "what was refused stops nothing").toBeUndefined();
  });

  it("cancels what is on its way", async () => {
    const { sender: one, underway } = sender();
    const tray = new Tray(nobody, one);
    await tray.add([file("a.log")]);
    tray.remove(tray.list.value[0]!.key);
    expect(underway[0]!.cancelled()).toBe(true);
    expect(tray.list.value).toEqual([]);
  });

  it("takes no more than go with one message, and says so (X5)", async () => {
    const { sender: one, underway } = sender();
    const tray = new Tray(nobody, one);
    await tray.add(Array.from({ length: 200 }, (_, place) => file(`${place}.log`)));
    expect(underway).toHaveLength(FILES_MAX);
    expect(tray.said.value).toContain(String(FILES_MAX));
  });
});

describe("a file that is still looked at", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is asked for until it may be had", async () => {
    vi.useFakeTimers();
    let asked = 0;
    vi.stubGlobal("fetch", () => {
      asked += 1;
      const body = asked < 2 ? { id: "1", name: "a.png", state: "checking" } : { id: "1", name: "a.png", state: "ready", url: "/x/" };
      return Promise.resolve(new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } }));
    });
    const found = settled({ id: "1", name: "a.png", state: "checking" }, nobody);
    await vi.runAllTimersAsync();
    expect((await found).url).toBe("/x/");
    expect(asked).toBe(2);
    vi.useRealTimers();
  });
});

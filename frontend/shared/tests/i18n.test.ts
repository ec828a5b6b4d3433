import { afterEach, expect, test } from "vitest";

import { clock, credits, dateAndTime, dayText, direction, duration, exactDuration, setLanguage, shortDate, t, tn } from "../i18n.ts";

afterEach(() => setLanguage("en", {}));

test("U1: English texts are the keys; names are filled in", () => {
  expect(t("{name} is typing", { name: "Daan" })).toBe("Daan is typing");
  setLanguage("nl", { "{name} is typing": "{name} typt" });
  expect(t("{name} is typing", { name: "Daan" })).toBe("Daan typt");
  expect(t("Not translated")).toBe("Not translated");
});

test("what somebody calls themselves is never filled in twice", () => {
  expect(t("{name} is typing", { name: "{name}" })).toBe("{name} is typing");
});

test("U1: plural forms by the language's own rules", () => {
  setLanguage("hr", { "{n} message": { one: "{n} poruka", few: "{n} poruke", other: "{n} poruka (mn.)" } });
  const say = (n: number) => tn("{n} message", "{n} messages", n);
  expect([say(1), say(2), say(5), say(21)]).toEqual(["1 poruka", "2 poruke", "5 poruka (mn.)", "21 poruka"]);
  setLanguage("en", {});
  expect([say(0), say(1), say(2)]).toEqual(["0 messages", "1 message", "2 messages"]);
});

test("credits have one decimal, two or three when the amount has them, and are never rounded", () => {
  expect([84_000, 58_400, 1_250, 333, 5, 0, 1_000_000].map((amount) => credits(amount))).toEqual(
    ["84.0", "58.4", "1.25", "0.333", "0.005", "0.0", "1,000.0"],
  );
  setLanguage("nl", {});
  expect(credits(1_250)).toBe("1,25");
});

test("U1: Persian has Persian digits and runs from right to left", () => {
  setLanguage("fa", {});
  expect(credits(58_400)).toBe("۵۸٫۴");
  expect(clock(768)).toBe("۱۲:۴۸");
  expect(direction()).toBe("rtl");
  expect(direction("nl")).toBe("ltr");
});

test("m:ss, and hours when there are any", () => {
  expect([0, 9, 70, 768, 3600, 3671.9].map(clock)).toEqual(["0:00", "0:09", "1:10", "12:48", "1:00:00", "1:01:11"]);
});

test("a stretch of time is rounded down: nobody is told more than there is", () => {
  expect([59, 60, 1439, 7199, 7260, 7200].map(duration)).toEqual(["59 s", "1 min", "23 min", "119 min", "2 h 1 min", "2 h"]);
  expect([30, 60, 90, 7265].map(exactDuration)).toEqual(["30 s", "1 min", "1 min 30 s", "2 h 1 min 5 s"]);
});

test("U1: dates by the reader's calendar, as hub/base/formats.py writes them", () => {
  const at = new Date(2026, 10, 21, 14, 5).getTime();
  const written = (language: string) => {
    setLanguage(language, {});
    return [dayText(at), shortDate(at), dateAndTime(at)];
  };
  expect(written("nl")).toEqual(["zaterdag 21 november", "21 nov 2026", "21 nov 2026, 14:05"]);
  expect(written("hr")).toEqual(["subota, 21. studenoga", "21. stu 2026.", "21. stu 2026. 14:05"]);
  expect(written("it")).toEqual(["sabato 21 novembre", "21 nov 2026", "21 nov 2026, 14:05"]);
  expect(written("fa")).toEqual(["شنبه ۳۰ آبان", "۳۰ آبان ۱۴۰۵", "۳۰ آبان ۱۴۰۵، ۱۴:۰۵"]);
});

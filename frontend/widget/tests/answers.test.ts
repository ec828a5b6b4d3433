import { expect, test } from "vitest";

import { answerTo, fieldsOf, unanswered } from "../answers.ts";
import type { Question } from "../departments.ts";

const BRAND: Question = { key: "brand", label: "Which brand?", kind: "choice", choices: ["HP", "Epson"], required: true };
const ORDER: Question = { key: "order", label: "Order number", kind: "text", choices: [], required: false };

test("C14: an answer is what was typed, before that what the site told under the same name", () => {
  expect(answerTo(ORDER, {}, { order: "77" })).toBe("77");
  expect(answerTo(ORDER, { order: "78" }, { order: "77" })).toBe("78");
  expect(answerTo(ORDER, { order: "" }, { order: "77" })).toBe("");
});

test("C14: an answer that cannot be chosen is none", () => {
  expect(answerTo(BRAND, { brand: "Canon" }, {})).toBe("");
  expect(unanswered([BRAND, ORDER], { brand: "Canon" }, {})).toEqual([BRAND]);
  expect(unanswered([BRAND, ORDER], { brand: "HP" }, {})).toEqual([]);
});

test("C14: blanks answer nothing", () => {
  const asked = { ...ORDER, required: true };
  expect(unanswered([asked], { order: "  " }, {})).toEqual([asked]);
  expect(fieldsOf([asked], { order: " 7 " }, {})).toEqual({ order: "7" });
});

test("C14: only this department's questions are answered, beside what the site tells", () => {
  expect(fieldsOf([BRAND], { brand: "HP", order: "77" }, { plan: "gold", brand: "Epson" })).toEqual({ brand: "HP", plan: "gold" });
  expect(fieldsOf([ORDER], { order: "" }, { order: "77" })).toEqual({});
});

test("C14: answers go before what the site tells, of which the hub takes only so much", () => {
  const told = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`field ${n}`, "x"]));
  const fields = fieldsOf([BRAND], { brand: "HP" }, told);
  expect([Object.keys(fields).length, fields.brand]).toEqual([50, "HP"]);
});

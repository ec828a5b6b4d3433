/** What a department asks before a chat, and what was answered (C14). */
import type { Question } from "./departments.ts";

export type Fields = Readonly<Record<string, string>>;

/** The hub takes no more fields of a session. */
const FIELDS_MAX = 50;

/** What was typed; before that, what the site told of its user under the same name. */
export function answerTo({ key, kind, choices }: Question, typed: Fields, told: Fields): string {
  const answer = typed[key] ?? told[key] ?? "";
  return kind === "choice" && !choices.includes(answer) ? "" : answer;
}

/** The questions that must be answered and are not. */
export function unanswered(questions: readonly Question[], typed: Fields, told: Fields): readonly Question[] {
  return questions.filter((question) => question.required && !answerTo(question, typed, told).trim());
}

/** The fields of a session: what the site told, and the answers to what its department asks. */
export function fieldsOf(questions: readonly Question[], typed: Fields, told: Fields): Fields {
  const answers = questions.map((question) => [question.key, answerTo(question, typed, told).trim()] as const).filter(([, answer]) => answer);
  const asked = new Set(questions.map(({ key }) => key));
  const others = Object.entries(told).filter(([name]) => !asked.has(name));
  return Object.fromEntries([...answers, ...others].slice(0, FIELDS_MAX));
}

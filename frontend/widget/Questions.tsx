/** What the chosen department asks before a chat (C14). */
import { useId } from "preact/hooks";

import { Field } from "../shared/components/controls.tsx";
import { t } from "../shared/i18n.ts";
import { answerTo, unanswered } from "./answers.ts";
import { usePlace } from "./context.ts";
import type { Question } from "./departments.ts";

/** The hub takes no longer answer. */
const ANSWER_MAX = 2000;

/** With `checked`, each that must be answered and is not says so. */
export function Questions({ questions, checked }: { readonly questions: readonly Question[]; readonly checked: boolean }) {
  const { draft, fields } = usePlace().visit;
  const { answers } = draft.value;
  const lacking = new Set(checked ? unanswered(questions, answers, fields.value) : []);
  return (
    <>
      {questions.map((question) => {
        const Asked = question.kind === "choice" ? Choose : Write;
        return (
          <Asked
            key={question.key} question={question} value={answerTo(question, answers, fields.value)}
            error={lacking.has(question) ? t("Please answer this.") : undefined}
            onAnswer={(answer) => draft.set({ answers: { ...answers, [question.key]: answer } })}
          />
        );
      })}
    </>
  );
}

interface AskedProps {
  readonly question: Question;
  readonly value: string;
  readonly error: string | undefined;
  readonly onAnswer: (answer: string) => void;
}

function labelOf({ label, required }: Question): string {
  return required ? label : t("{question} (optional)", { question: label });
}

function Write({ question, value, error, onAnswer }: AskedProps) {
  return (
    <Field
      label={labelOf(question)} large dir="auto" maxLength={ANSWER_MAX} required={question.required} value={value} error={error}
      onInput={onAnswer}
    />
  );
}

function Choose({ question, value, error, onAnswer }: AskedProps) {
  const id = useId();
  return (
    <div class={error ? "field wrong" : "field"}>
      <label class="label" htmlFor={id}>{labelOf(question)}</label>
      <select
        id={id} class="input lg" required={question.required} aria-invalid={error ? true : undefined}
        aria-describedby={error && `${id}-note`} value={value} onChange={(event) => onAnswer(event.currentTarget.value)}
      >
        <option value="">{t("Choose an answer")}</option>
        {question.choices.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
      </select>
      {error && <span class="hint" id={`${id}-note`}>{error}</span>}
    </div>
  );
}

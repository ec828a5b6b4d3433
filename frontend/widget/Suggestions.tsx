/** While a question is typed: articles that may answer it, read here (K2). What helped is counted, and nothing is sent. */
import { useEffect, useState } from "preact/hooks";

import { Button, LinkButton } from "../shared/components/controls.tsx";
import { ask } from "../shared/http.ts";
import { language, t } from "../shared/i18n.ts";

const WAIT_MS = 150;
const LETTERS_MIN = 4;
const SHOWN = 3;

interface Found {
  readonly id: string;
  readonly title: string;
  readonly language: string;
}

interface Article extends Found {
  readonly html: string;
}

export function Suggestions({ typed, onAvoided }: { readonly typed: string; readonly onAvoided: () => void }) {
  const [found, setFound] = useState<readonly Found[]>([]);
  const [open, setOpen] = useState<Article | null>(null);
  const words = typed.trim();
  useEffect(() => {
    if (words.length < LETTERS_MIN) return setFound([]);
    let still = true;
    const timer = setTimeout(() => {
      const query = new URLSearchParams({ q: words.slice(0, 200), language: language(), limit: String(SHOWN) });
      get<{ results: readonly Found[] }>(`/api/v1/articles/suggest/?${query}`).then(({ results }) => still && setFound(results), () => undefined);
    }, WAIT_MS);
    return () => {
      still = false;
      clearTimeout(timer);
    };
  }, [words]);
  const read = ({ id, language: of }: Found) => void get<Article>(`/api/v1/articles/${id}/?language=${of}`).then(setOpen, () => undefined);
  const helped = () => {
    if (open) void fetch(`/api/v1/articles/${open.id}/avoided/`, { method: "POST", credentials: "omit" }).catch(() => undefined);
    onAvoided();
  };
  if (open) {
    return (
      <section class="answers" aria-label={open.title}>
        <h3 dir="auto">{open.title}</h3>
        {/* Cleaned by the hub when it was written (docs/how/rich-text.md). */}
        <article lang={open.language} dir="auto" dangerouslySetInnerHTML={{ __html: open.html }} />
        <div class="row"><Button size="sm" look="soft" onClick={helped}>{t("That answers it")}</Button><LinkButton onClick={() => setOpen(null)}>{t("Back")}</LinkButton></div>
      </section>
    );
  }
  if (found.length === 0) return null;
  return (
    <section class="answers" aria-live="polite">
      <h3>{t("This may answer it")}</h3>
      <ul>{found.map((one) => <li key={one.id}><LinkButton onClick={() => read(one)}><span lang={one.language} dir="auto">{one.title}</span></LinkButton></li>)}</ul>
    </section>
  );
}

function get<T>(url: string): Promise<T> {
  return ask<T>(url, { credentials: "omit" });
}

/** Signing in without leaving the widget: login number or e-mail and password. What was typed before stays where it is. */
import { useState } from "preact/hooks";

import { Button, Field, Notice } from "../shared/components/controls.tsx";
import { BELL } from "../shared/components/Icon.tsx";
import { duration, t } from "../shared/i18n.ts";
import { Problem } from "../shared/http.ts";
import { usePlace } from "./context.ts";
import { Frame, Mark } from "./Frame.tsx";

export function SignIn({ onDone }: { readonly onDone: () => void }) {
  const { visit, name } = usePlace();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await visit.signIn(login.trim(), password);
      onDone();
    } catch (failure) {
      setProblem(textOf(failure));
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (!busy && login.trim() && password) void submit();
  };
  return (
    <Frame label={t("Sign in")} title={name} subtitle={t("Sign in")} face={<Mark of={BELL} />}>
      <form class="w-form" onSubmit={onSubmit} noValidate>
        <div class="w-b">
          <div class="lead"><h2>{t("Sign in")}</h2><p>{t("With your login number or your e-mail address.")}</p></div>
          {problem && <Notice look="danger" role="alert">{problem}</Notice>}
          <Field label={t("Login number or e-mail")} large value={login} onInput={setLogin} autocomplete="username" name="login" dir="ltr" />
          <Field label={t("Password")} large type="password" value={password} onInput={setPassword} autocomplete="current-password" name="password" dir="ltr" />
        </div>
        <footer class="w-f">
          <Button look="primary" size="lg" block type="submit" busy={busy} disabled={!login.trim() || !password}>{t("Sign in")}</Button>
          <Button look="quiet" size="lg" block onClick={onDone}>{t("Back")}</Button>
        </footer>
      </form>
    </Frame>
  );
}

function textOf(failure: unknown): string {
  if (!(failure instanceof Problem)) return t("We cannot be reached at the moment. Try again in a minute.");
  if (failure.status === 429) {
    const wait_s = failure.retry_after_s;
    return wait_s ? t("Too many attempts. Try again in {time}.", { time: duration(Math.ceil(wait_s / 60) * 60) }) : t("Too many attempts. Try again later.");
  }
  if (failure.status === 401 || failure.status === 400) return t("Login and password do not match. Check both and try again.");
  return failure.message || t("That did not work. Try again.");
}

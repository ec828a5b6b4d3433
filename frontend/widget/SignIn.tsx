/**
 * Signing in without leaving the widget: by password, or by a code that is sent to the phone or the mailbox. What was typed before stays
 * where it is.
 */
import { useEffect, useState } from "preact/hooks";

import { Button, Field, LinkButton, Notice } from "../shared/components/controls.tsx";
import { BELL } from "../shared/components/Icon.tsx";
import { duration, t } from "../shared/i18n.ts";
import { Problem } from "../shared/http.ts";
import type { AskedCode } from "./account.ts";
import { usePlace } from "./context.ts";
import { Frame, Mark } from "./Frame.tsx";

type Way = "password" | "code";

export function SignIn({ onDone }: { readonly onDone: () => void }) {
  const { visit, name } = usePlace();
  const [way, setWay] = useState<Way>("password");
  const [login, setLogin] = useState("");
  const [secret, setSecret] = useState("");
  const [asked, setAsked] = useState<AskedCode | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const attempt = async (deed: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await deed();
    } catch (failure) {
      setProblem(textOf(failure, way));
    } finally {
      setBusy(false);
    }
  };
  const askCode = () => attempt(async () => setAsked(await visit.account.askCode(login.trim())));
  const signIn = () => attempt(async () => {
    if (asked) await visit.signInByCode(asked.challenge, secret.trim());
    else await visit.signIn(login.trim(), secret);
    onDone();
  });
  const change = (wanted: Way) => {
    setWay(wanted);
    setSecret("");
    setAsked(null);
    setProblem(null);
  };
  const asks = way === "code" && !asked;
  const ready = login.trim() !== "" && (asks || secret.trim() !== "");
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (!busy && ready) void (asks ? askCode() : signIn());
  };
  return (
    <Frame label={t("Sign in")} title={name} subtitle={t("Sign in")} face={<Mark of={BELL} />}>
      <form class="w-form" onSubmit={onSubmit} noValidate>
        <div class="w-b">
          <div class="lead"><h2>{t("Sign in")}</h2><p>{asked ? t("If this belongs to an account, six digits are on their way. They are good for five minutes.") : t("With your login number, e-mail address or mobile number.")}</p></div>
          {problem && <Notice look="danger" role="alert">{problem}</Notice>}
          {!asked && <Field label={t("Login number, e-mail or mobile number")} large value={login} onInput={setLogin} autocomplete="username" name="login" dir="ltr" />}
          {way === "password" && <Field label={t("Password")} large type="password" value={secret} onInput={setSecret} autocomplete="current-password" name="password" dir="ltr" />}
          {asked && <Field key={asked.challenge} label={t("Code")} large value={secret} onInput={setSecret} autocomplete="one-time-code" inputMode="numeric" maxLength={12} name="code" dir="ltr" autoFocus />}
          {asked
            ? <Again asked={asked} onAgain={() => { setSecret(""); void askCode(); }} />
            : <LinkButton onClick={() => change(way === "code" ? "password" : "code")}>{way === "code" ? t("Sign in with a password") : t("Sign in with a code")}</LinkButton>}
        </div>
        <footer class="w-f">
          <Button look="primary" size="lg" block type="submit" busy={busy} disabled={!ready}>{asks ? t("Send me a code") : t("Sign in")}</Button>
          <Button look="quiet" size="lg" block onClick={asked ? () => change("code") : onDone}>{t("Back")}</Button>
        </footer>
      </form>
    </Frame>
  );
}

/** Another code can be asked for after a while; until then it says how long. */
function Again({ asked, onAgain }: { readonly asked: AskedCode; readonly onAgain: () => void }) {
  const left = () => Math.ceil((Date.parse(asked.again_at) - Date.now()) / 1000);
  const [left_s, setLeft] = useState(left);
  useEffect(() => {
    setLeft(left());
    const ticking = setInterval(() => setLeft(left()), 1000);
    return () => clearInterval(ticking);
  }, [asked.challenge]);
  return left_s > 0
    ? <p class="hint">{t("You can ask for another code in {time}.", { time: duration(left_s) })}</p>
    : <LinkButton onClick={onAgain}>{t("Send a new code")}</LinkButton>;
}

function textOf(failure: unknown, way: Way): string {
  if (!(failure instanceof Problem)) return t("We cannot be reached at the moment. Try again in a minute.");
  if (failure.status === 429) {
    const wait_s = failure.retry_after_s;
    return wait_s ? t("Too many attempts. Try again in {time}.", { time: duration(Math.ceil(wait_s / 60) * 60) }) : t("Too many attempts. Try again later.");
  }
  if (failure.status === 401 || failure.status === 400) {
    return way === "code" ? t("This code is not right, or was used already. Take the newest one.") : t("Login and password do not match. Check both and try again.");
  }
  return failure.message || t("That did not work. Try again.");
}

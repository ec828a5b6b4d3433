import { t } from "../shared/i18n.ts";

/** The geometry of a chat, at rest. */
export function LoadingChat() {
  return (
    <div class="panel late" role="status" aria-busy="true" aria-label={t("Loading")}>
      <div class="ch">
        <i class="sk" />
        <i class="sk w40" />
      </div>
      <div class="scroll">
        <div class="filler" />
        <div class="thread">
          <i class="sk bubble" />
          <i class="sk bubble out" />
          <i class="sk bubble" />
        </div>
      </div>
    </div>
  );
}

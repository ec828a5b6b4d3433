import { BELL } from "../shared/components/Icon.tsx";
import { t } from "../shared/i18n.ts";
import { usePlace } from "./context.ts";
import { Frame, Mark } from "./Frame.tsx";

/** Loading: the final geometry, so that nothing jumps. */
export function Skeleton() {
  const { name } = usePlace();
  return (
    <Frame label={t("Loading chat")} title={name} subtitle={t("Connecting")} face={<Mark of={BELL} />} busy foot={<i class="sk sk-foot" />}>
      <div class="w-b">
        <i class="sk sk-lead" />
        <i class="sk sk-card" /><i class="sk sk-card" /><i class="sk sk-card" />
        <i class="sk sk-line" />
      </div>
    </Frame>
  );
}

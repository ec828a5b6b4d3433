import type { Drawing } from "./components/Icon.tsx";

/** The icons in use. A bundle gets only those it names. */
export { default as alertIcon } from "lucide-static/icons/triangle-alert.svg?icon";
export { default as checkIcon } from "lucide-static/icons/check.svg?icon";
export { default as checksIcon } from "lucide-static/icons/check-check.svg?icon";
export { default as clipIcon } from "lucide-static/icons/paperclip.svg?icon";
export { default as clockIcon } from "lucide-static/icons/clock.svg?icon";
export { default as closeIcon } from "lucide-static/icons/x.svg?icon";
export { default as codeIcon } from "lucide-static/icons/code.svg?icon";
export { default as downIcon } from "lucide-static/icons/chevron-down.svg?icon";
export { default as downloadIcon } from "lucide-static/icons/download.svg?icon";
export { default as earIcon } from "lucide-static/icons/ear.svg?icon";
export { default as editIcon } from "lucide-static/icons/pencil.svg?icon";
export { default as globeIcon } from "lucide-static/icons/globe.svg?icon";
export { default as infoIcon } from "lucide-static/icons/info.svg?icon";
export { default as lockIcon } from "lucide-static/icons/lock.svg?icon";
export { default as moreIcon } from "lucide-static/icons/ellipsis.svg?icon";
export { default as offlineIcon } from "lucide-static/icons/wifi-off.svg?icon";
export { default as playIcon } from "lucide-static/icons/play.svg?icon";
export { default as replyIcon } from "lucide-static/icons/reply.svg?icon";
export { default as retryIcon } from "lucide-static/icons/rotate-cw.svg?icon";
export { default as sendIcon } from "lucide-static/icons/send-horizontal.svg?icon";
export { default as starIcon } from "lucide-static/icons/star.svg?icon";
export { default as trashIcon } from "lucide-static/icons/trash-2.svg?icon";
/** Two strokes: lucide's two boxes close up at 16 px. */
export const pauseIcon: Drawing = [["path", { d: "M9 6v12M15 6v12" }]];
// Staff pages
export { default as backIcon } from "lucide-static/icons/chevron-left.svg?icon";
export { default as chatsIcon } from "lucide-static/icons/messages-square.svg?icon";
export { default as undoIcon } from "lucide-static/icons/undo-2.svg?icon";
export { default as usersIcon } from "lucide-static/icons/users.svg?icon";
export { default as gaugeIcon } from "lucide-static/icons/gauge.svg?icon";
export { default as fileIcon } from "lucide-static/icons/file.svg?icon";
export { default as giftIcon } from "lucide-static/icons/gift.svg?icon";
export { default as hourglassIcon } from "lucide-static/icons/hourglass.svg?icon";
export { default as minusIcon } from "lucide-static/icons/minus.svg?icon";
export { default as noteIcon } from "lucide-static/icons/sticky-note.svg?icon";
export { default as octagonIcon } from "lucide-static/icons/octagon-alert.svg?icon";
export { default as personIcon } from "lucide-static/icons/user-round.svg?icon";
export { default as plusIcon } from "lucide-static/icons/plus.svg?icon";
export { default as soundIcon } from "lucide-static/icons/volume-2.svg?icon";
export { default as soundOffIcon } from "lucide-static/icons/volume-x.svg?icon";
export { default as ticketIcon } from "lucide-static/icons/ticket.svg?icon";
export { default as stopIcon } from "lucide-static/icons/square.svg?icon";
export { default as signInIcon } from "lucide-static/icons/log-in.svg?icon";
export { default as signOutIcon } from "lucide-static/icons/log-out.svg?icon";

import { AccessMode } from "@foedus/gen/foedus/access/v1/access_pb.js";
import type { IconName } from "../../parts/icon.tsx";

/** A mode as people read it: who gets in, and who has to do something for that. */
export interface ModeLook {
  readonly mode: AccessMode;
  readonly word: string;
  readonly icon: IconName;
  readonly meaning: string;
}

/** From the most welcoming to the strictest. */
export const modeLooks: readonly ModeLook[] = [
  {
    mode: AccessMode.OPEN,
    word: "Open",
    icon: "online",
    meaning:
      "An invitation is enough. Who has no token becomes an observer: it sees, and tells about " +
      "itself.",
  },
  {
    mode: AccessMode.APPROVAL,
    word: "Approval",
    icon: "wait",
    meaning: "Who has no token waits here until an admin has compared fingerprints and approves.",
  },
  {
    mode: AccessMode.INVITE,
    word: "Invite",
    icon: "identity",
    meaning:
      "Only with a token, and only under a name that stands in the token or on the allow list.",
  },
];

/** How a mode is told; undefined for one this page does not know. */
export function modeLook(mode: AccessMode | undefined): ModeLook | undefined {
  return modeLooks.find((look) => look.mode === mode);
}

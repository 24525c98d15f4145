import { RuleKind } from "@foedus/gen/foedus/access/v1/access_pb.js";
import type { IconName } from "../../parts/icon.tsx";

/** One of the two lists, in words. */
export interface RuleList {
  readonly kind: RuleKind;
  readonly name: string;
  readonly title: string;
  readonly icon: IconName;
  readonly add: string;
  readonly meaning: string;
  readonly emptyTitle: string;
  readonly emptyText: string;
  readonly command: string;
}

/** Both lists; blocking wins over allowing. */
export const ruleLists = {
  [RuleKind.ALLOW]: {
    kind: RuleKind.ALLOW,
    name: "allow list",
    title: "Allow list",
    icon: "check",
    add: "Allow",
    meaning: "In mode Invite, a name that no token binds has to stand here.",
    emptyTitle: "Nobody is on the allow list",
    emptyText: "It matters in mode Invite: names that may join with a token that binds no name.",
    command: "npx foedus access allow 'edge-*' --reason 'the edge fleet'",
  },
  [RuleKind.BLOCK]: {
    kind: RuleKind.BLOCK,
    name: "block list",
    title: "Block list",
    icon: "block",
    add: "Block",
    meaning:
      "Whoever stands here may not join in any mode. Who is in stays in: revoke or quarantine.",
    emptyTitle: "Nobody is on the block list",
    emptyText: "Names and keys that may not join, in any mode, whatever else allows them.",
    command: "npx foedus access block 'test-*' --reason 'not on this hub'",
  },
} as const satisfies Record<number, RuleList>;

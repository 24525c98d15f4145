import { IdentityEnrolledSchema } from "@foedus/gen/foedus/identity/v1/identity_event_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import { fingerprintOf } from "@foedus/kernel/fingerprint.ts";
import type { Loop } from "../../runtime/capability.ts";
import { fromBody } from "../../runtime/storage/body.ts";
import { follow, type Follower } from "../../runtime/storage/follow.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { settleJoined } from "./ended.store.ts";

/** Notes which wish became which node. */
export function joinedLoop(storage: Storage): Loop {
  return { name: joinedNodes.name, run: (signal) => follow(storage, joinedNodes, signal) };
}

/** Who hears of new identities. */
export const joinedNodes: Follower = {
  name: "access.joined",
  log: "outbox",
  kinds: [factType(IdentityEnrolledSchema)],
  async act(tx, entries) {
    for (const { body } of entries) {
      const { identity } = fromBody(IdentityEnrolledSchema, body);
      if (identity === undefined) throw new Error("somebody was enrolled who has no identity");
      await settleJoined(tx, fingerprintOf(identity.identityKey), identity.nodeId);
    }
  },
};

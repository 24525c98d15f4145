import { IdentityRevokedSchema } from "@foedus/gen/foedus/identity/v1/identity_event_pb.js";
import type { Loop } from "../../runtime/capability.ts";
import { fromBody } from "../../runtime/storage/body.ts";
import { follow, type Follower } from "../../runtime/storage/follow.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { dropGrants } from "./grant.store.ts";

/** Forgets what was granted to each node whose identity ended. */
export function endedLoop(storage: Storage): Loop {
  return { name: ended.name, run: (signal) => follow(storage, ended, signal) };
}

const ended: Follower = {
  name: "sync.ended",
  log: "outbox",
  kinds: ["identity.revoked"],
  async act(tx, entries) {
    const told = entries.map(({ body }) => fromBody(IdentityRevokedSchema, body).identity);
    await dropGrants(
      tx,
      told.flatMap((identity) => identity?.nodeId ?? []),
    );
  },
};

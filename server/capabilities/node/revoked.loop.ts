import { IdentityRevokedSchema } from "@foedus/gen/foedus/identity/v1/identity_event_pb.js";
import type { Loop } from "../../runtime/capability.ts";
import { fromBody } from "../../runtime/storage/body.ts";
import { follow, type Follower } from "../../runtime/storage/follow.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { retireNodes } from "./node.store.ts";

/** Takes out the node of each identity that ended. */
export function revokedLoop(storage: Storage): Loop {
  return { name: revoked.name, run: (signal) => follow(storage, revoked, signal) };
}

/** Who hears of ended identities. */
export const revoked: Follower = {
  name: "node.revoked",
  log: "outbox",
  kinds: ["identity.revoked"],
  async act(tx, entries) {
    const told = entries.map(({ body }) => fromBody(IdentityRevokedSchema, body).identity);
    await retireNodes(
      tx,
      told.filter((identity) => identity !== undefined),
    );
  },
};

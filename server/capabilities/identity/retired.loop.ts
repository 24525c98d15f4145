import { NodeRetiredSchema } from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import type { Loop } from "../../runtime/capability.ts";
import { follow } from "../../runtime/storage/follow.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { IdentityStore } from "./identity.store.ts";

/** A node that is retired may not come back: its identity ends, and its name is free. */
export function retiredLoop(storage: Storage, identities: IdentityStore): Loop {
  return {
    name: "retired",
    run: (signal) =>
      follow(
        storage,
        {
          name: "identity.retired",
          log: "outbox",
          kinds: [factType(NodeRetiredSchema)],
          act: async (tx, entries) => {
            for (const { subject } of entries) await identities.revokeIn(tx, subject, "retired");
          },
        },
        signal,
      ),
  };
}

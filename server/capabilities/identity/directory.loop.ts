import { fromBinary } from "@bufbuild/protobuf";
import {
  IdentityEnrolledSchema,
  IdentityQuarantinedSchema,
  IdentityReleasedSchema,
  IdentityRevokedSchema,
  IdentityRoleChangedSchema,
} from "@foedus/gen/foedus/identity/v1/identity_event_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import type { Loop } from "../../runtime/capability.ts";
import { hear } from "../../runtime/storage/hear.ts";
import type { LogEntry } from "../../runtime/storage/log.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Directory } from "./directory.ts";
import type { DirectoryStore } from "./directory.store.ts";
import { certificateEndMs } from "./identity.ts";

/** The name under which `storage.wake` tells that there is somebody to look up. */
export const missedWake = "identity.missed";

/** A lost hint costs this much. */
const lookMs = 5_000;

const schemas = [
  IdentityEnrolledSchema,
  IdentityRevokedSchema,
  IdentityQuarantinedSchema,
  IdentityReleasedSchema,
  IdentityRoleChangedSchema,
] as const;
const schemaOf = new Map(schemas.map((schema) => [factType(schema), schema]));

interface Kit {
  readonly storage: Storage;
  readonly directory: Directory;
  readonly store: DirectoryStore;
}

/** Learns everybody who holds a valid certificate. */
export async function learnAll({ directory, store }: Omit<Kit, "storage">): Promise<void> {
  for (const { tenant, identity, certificates } of await store.readValid()) {
    directory.learn(tenant, identity, certificates);
  }
}

/**
 * Keeps a filled directory up with the other processes over this database: what this one decides is
 * learned at its commit. What others decide of identities is heard within half a second, and
 * who comes before that is looked up at once, so that a second attempt succeeds.
 */
export function directoryLoops(kit: Kit): Loop[] {
  const { storage, directory, store } = kit;
  let stale = false;
  const restart = () => {
    stale = true;
    storage.wake.ring(missedWake, "");
  };
  return [
    {
      name: "directory",
      run: (signal) =>
        hear(
          storage,
          {
            log: "outbox",
            kinds: [...schemaOf.keys()],
            restart,
            hear: (tenant, entry) => {
              const identity = identityIn(entry);
              directory.learn(tenant, identity, [newestOf(identity)]);
            },
          },
          signal,
        ),
    },
    {
      name: "missed",
      async run(signal) {
        while (!signal.aborted) {
          const round = new AbortController();
          const either = AbortSignal.any([signal, round.signal]);
          const rung = storage.wake.next(missedWake, undefined, either);
          if (stale) await learnAll(kit);
          stale = false;
          for (const { tenant, nodeId } of directory.takeMissed()) {
            const known = await store.readNode(tenant, nodeId);
            if (known !== undefined) {
              directory.learn(known.tenant, known.identity, known.certificates);
            }
          }
          await Promise.race([rung, storage.world.timers.sleep(lookMs, either)]);
          round.abort();
        }
      },
    },
  ];
}

function identityIn(entry: LogEntry): Identity {
  const schema = schemaOf.get(entry.kind);
  const identity = schema && fromBinary(schema, entry.body).identity;
  if (identity === undefined) throw new Error(`${entry.kind} ${entry.seq} tells of nobody`);
  return identity;
}

function newestOf(identity: Identity) {
  return { serial: identity.certificateSerial, expireMs: certificateEndMs(identity) };
}

import {
  CollectionDeclaredSchema,
  ConflictResolvedSchema,
  GrantChangedSchema,
  StreamRepairedSchema,
} from "@foedus/gen/foedus/sync/v1/sync_event_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Collection, Grant } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Loop } from "../../runtime/capability.ts";
import { fromBody } from "../../runtime/storage/body.ts";
import { hear, type Hearer } from "../../runtime/storage/hear.ts";
import type { LogEntry } from "../../runtime/storage/log.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Drivers } from "./drivers.ts";
import { declaredStore } from "./declared.store.ts";
import type { GrantStore } from "./grant.store.ts";
import { Remembered } from "./remembered.ts";

/** How the collections of a tenant are declared, remembered in each process. */
export interface Declared {
  /** As it was until what another process changed is heard of, half a minute ago at most. */
  of(tenant: TenantId): Promise<ReadonlyMap<string, Collection>>;
  /** All may be others by now. */
  forgetAll(): void;
  readonly loop: Loop;
}

/** Remembers declarations, and lets the running sessions know what was decided anywhere. */
export function openDeclared(
  storage: Storage,
  grants: Pick<GrantStore, "forget" | "forgetAll">,
  drivers: () => Drivers,
): Declared {
  const store = declaredStore(storage);
  const known = new Remembered<ReadonlyMap<string, Collection>>(storage.world.clock);
  const hearer: Hearer = {
    log: "outbox",
    kinds: ["sync.*"],
    hear(tenant, entry) {
      if (entry.kind === declaredType) known.forget(tenant);
      if (entry.kind === grantType) grants.forget(tenant, grantIn(entry)?.nodeId ?? "");
      tellDrivers(drivers(), tenant, entry);
    },
    restart() {
      known.clear();
      grants.forgetAll();
    },
  };
  return {
    loop: { name: "sync.news", run: (signal) => hear(storage, hearer, signal) },
    of: (tenant) => known.of(tenant, () => store.all(tenant)),
    forgetAll: () => known.clear(),
  };
}

const declaredType = factType(CollectionDeclaredSchema);
const grantType = factType(GrantChangedSchema);
const resolvedType = factType(ConflictResolvedSchema);
const repairedType = factType(StreamRepairedSchema);

function grantIn({ body }: LogEntry): Grant | undefined {
  return fromBody(GrantChangedSchema, body).grant;
}

function tellDrivers(drivers: Drivers, tenant: TenantId, entry: LogEntry): void {
  const { kind, body } = entry;
  if (kind === grantType) {
    const grant = grantIn(entry);
    if (grant !== undefined) drivers.regrant(tenant, grant.nodeId);
  }
  if (kind === declaredType) {
    const { collection } = fromBody(CollectionDeclaredSchema, body);
    if (collection !== undefined) drivers.redeclared(tenant, collection.name);
  }
  if (kind === resolvedType) regrow(drivers, tenant, fromBody(ConflictResolvedSchema, body));
  if (kind === repairedType) regrow(drivers, tenant, fromBody(StreamRepairedSchema, body));
}

function regrow(drivers: Drivers, tenant: TenantId, { stream }: { stream?: Stream }): void {
  if (stream !== undefined) drivers.regrown(tenant, stream);
}

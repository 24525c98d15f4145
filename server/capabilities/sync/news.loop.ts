import {
  CollectionDeclaredSchema,
  ConflictResolvedSchema,
  GrantChangedSchema,
  StreamRepairedSchema,
} from "@foedus/gen/foedus/sync/v1/sync_event_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Collection } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Loop } from "../../runtime/capability.ts";
import { fromBody } from "../../runtime/storage/body.ts";
import { hear, type Hearer } from "../../runtime/storage/hear.ts";
import type { LogEntry } from "../../runtime/storage/log.ts";
import type { Log } from "../../runtime/log.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Drivers } from "./admin.port.ts";
import { declaredStore } from "./declared.store.ts";

/** How the collections of tenants are declared, remembered in each process. */
export interface Declared {
  /** As they were half a second ago at most, where another process changed them. */
  readonly known: ReadonlyMap<TenantId, ReadonlyMap<string, Collection>>;
  /** Resolves once those of a tenant are known; whoever opens a session of it waits for that. */
  load(tenant: TenantId): Promise<void>;
  readonly loop: Loop;
}

/** Remembers declarations, and lets the running sessions know what was decided anywhere. */
export function openDeclared(storage: Storage, out: Log, drivers: () => Drivers): Declared {
  const store = declaredStore(storage);
  const known = new Map<TenantId, ReadonlyMap<string, Collection>>();
  const readings = new Map<TenantId, Promise<void>>();
  const read = (tenant: TenantId): Promise<void> => {
    const reading = store.all(tenant).then((all) => {
      // One that was begun later knows more, though it may be done sooner.
      if (readings.get(tenant) === reading) known.set(tenant, all);
    });
    readings.set(tenant, reading);
    return reading;
  };
  const readAgain = (tenant: TenantId) => {
    if (!readings.has(tenant)) return;
    read(tenant).catch((error: unknown) => {
      readings.delete(tenant);
      out.error("declarations could not be read", { tenant, error });
    });
  };
  const hearer: Hearer = {
    log: "outbox",
    kinds: ["sync.*"],
    hear(tenant, entry) {
      if (entry.kind === declaredType) readAgain(tenant);
      else tellDrivers(drivers(), tenant, entry);
    },
    restart: () => [...readings.keys()].forEach(readAgain),
  };
  return {
    known,
    loop: { name: "sync.news", run: (signal) => hear(storage, hearer, signal) },
    async load(tenant) {
      await (readings.get(tenant) ?? read(tenant)).catch((error: unknown) => {
        readings.delete(tenant);
        throw error;
      });
    },
  };
}

const declaredType = factType(CollectionDeclaredSchema);
const grantType = factType(GrantChangedSchema);
const resolvedType = factType(ConflictResolvedSchema);
const repairedType = factType(StreamRepairedSchema);

function tellDrivers(drivers: Drivers, tenant: TenantId, { kind, body }: LogEntry): void {
  if (kind === grantType) {
    const { grant } = fromBody(GrantChangedSchema, body);
    if (grant !== undefined) drivers.regrant(tenant, grant.nodeId);
  }
  if (kind === resolvedType) regrow(drivers, tenant, fromBody(ConflictResolvedSchema, body));
  if (kind === repairedType) regrow(drivers, tenant, fromBody(StreamRepairedSchema, body));
}

function regrow(drivers: Drivers, tenant: TenantId, { stream }: { stream?: Stream }): void {
  if (stream !== undefined) drivers.regrown(tenant, stream);
}

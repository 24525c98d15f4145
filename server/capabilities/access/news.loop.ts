import {
  AccessModeChangedSchema,
  AccessRuleChangedSchema,
  JoinRequestChangedSchema,
} from "@foedus/gen/foedus/access/v1/access_event_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Loop } from "../../runtime/capability.ts";
import { fromBody } from "../../runtime/storage/body.ts";
import { hear, type Hearer } from "../../runtime/storage/hear.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { Wake } from "../../runtime/storage/wake.ts";

/** Wakes those who wait for a decision: about themselves, or about everybody of their tenant. */
export interface News {
  /** Resolves at the next one, or when the signal aborts. Ask before looking, await after it. */
  next(tenant: TenantId, fingerprint: string, signal: AbortSignal): Promise<void>;
}

const everybody = "everybody";
const aboutOne = factType(JoinRequestChangedSchema);

/** In each process of the hub: whoever decides may be connected to another one. */
export function openNews(storage: Storage): News & { readonly loop: Loop } {
  const wake = new Wake();
  const hearer: Hearer = {
    log: "outbox",
    kinds: [aboutOne, factType(AccessModeChangedSchema), factType(AccessRuleChangedSchema)],
    hear(tenant, { kind, body }) {
      const { fingerprint } =
        kind === aboutOne ? fromBody(JoinRequestChangedSchema, body) : { fingerprint: everybody };
      wake.ring(fingerprint, tenant);
    },
    // What was told meanwhile is seen at the next try, some seconds later.
    restart: () => undefined,
  };
  return {
    loop: { name: "access.news", run: (signal) => hear(storage, hearer, signal) },
    next: (tenant, fingerprint, signal) =>
      Promise.race([wake.next(fingerprint, tenant, signal), wake.next(everybody, tenant, signal)]),
  };
}

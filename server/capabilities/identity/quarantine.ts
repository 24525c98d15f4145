import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  IdentityQuarantinedSchema,
  IdentityReleasedSchema,
  IdentityRoleChangedSchema,
} from "@foedus/gen/foedus/identity/v1/identity_event_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Change } from "@foedus/kernel/change.ts";
import { fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { utcText } from "@foedus/kernel/time.ts";

/** How often a quarantined node may ask whether it was released. */
export const quarantineRetryMs = 60_000;

/** Why a node is cut off, and what shows it. */
export interface Evidence {
  readonly reason: string;
  readonly cursors: readonly bigint[];
}

/** Cuts a node off and keeps what it is. One that is cut off already stays as it is. */
export function quarantine(
  identity: Identity,
  { reason, cursors }: Evidence,
  by: string,
  nowMs: number,
): Change<Identity> {
  const { revokeTime, quarantineTime } = identity;
  if (revokeTime !== undefined || quarantineTime !== undefined) return unchanged(identity);
  const next = {
    ...identity,
    quarantineTime: timestampFromMs(nowMs),
    quarantineReason: reason,
    quarantinedBy: by,
    quarantineCursors: [...cursors],
    revision: identity.revision + 1n,
  };
  return { next, facts: [fact(IdentityQuarantinedSchema, next.nodeId, { identity: next })] };
}

/** Lets a node return; its certificate, if that still holds, is good again. */
export function release(identity: Identity, reason: string): Change<Identity> {
  if (identity.quarantineTime === undefined) return unchanged(identity);
  const next: Identity = {
    ...identity,
    quarantineReason: "",
    quarantinedBy: "",
    quarantineCursors: [],
    revision: identity.revision + 1n,
  };
  delete next.quarantineTime;
  return { next, facts: [fact(IdentityReleasedSchema, next.nodeId, { identity: next, reason })] };
}

/** Changes what a node may do, from its next call on. */
export function setRole(identity: Identity, role: Role): Change<Identity> {
  const { role: was } = identity;
  if (was === role) return unchanged(identity);
  const next = { ...identity, role, revision: identity.revision + 1n };
  return { next, facts: [fact(IdentityRoleChangedSchema, next.nodeId, { identity: next, was })] };
}

/** @throws Fault NODE_QUARANTINED. */
export function refuseQuarantined(identity: Identity): void {
  const { nodeId: node_id, quarantineTime, quarantineReason: why } = identity;
  if (quarantineTime === undefined) return;
  const facts = { node_id, time: utcText(timestampMs(quarantineTime)), why };
  throw new Fault(Reason.NODE_QUARANTINED, { ...facts, retry_ms: quarantineRetryMs });
}

function unchanged(identity: Identity): Change<Identity> {
  return { next: identity, facts: [] };
}

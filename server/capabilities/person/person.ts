import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Person, Session } from "@foedus/gen/foedus/person/v1/person_pb.js";
import { PersonSchema, SessionSchema } from "@foedus/gen/foedus/person/v1/person_pb.js";
import type { PersonCaller } from "@foedus/kernel/caller.ts";
import { Audience } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { utcText } from "@foedus/kernel/time.ts";

/** Who is there from the first start. */
export const ownerId = "owner";

/** How long a link signs in. */
export const linkMs = 15 * 60_000;

/** How long an operator of the hub may visit a tenant, used or not. */
export const visitMs = 15 * 60_000;

/** How often at most a session in use is prolonged. */
export const touchMs = 60_000;

/** A sign-in link as it is kept. */
export interface Link {
  readonly id: string;
  readonly personId: string;
  readonly expireMs: number;
  /** When it was used; undefined while it is open. */
  readonly endMs: number | undefined;
}

/** The first person: may do all in the tenant, and manages the hub. */
export function newOwner(nowMs: number): Person {
  return create(PersonSchema, {
    id: ownerId,
    displayName: "Owner",
    role: Role.ADMIN,
    operator: true,
    createTime: timestampFromMs(nowMs),
  });
}

/** A sign-in of a person that lapses when it is not used for so long. */
export function newSession(id: string, personId: string, forMs: number, nowMs: number): Session {
  return create(SessionSchema, {
    id,
    personId,
    createTime: timestampFromMs(nowMs),
    expireTime: timestampFromMs(nowMs + forMs),
  });
}

/**
 * Why a link signs nobody in any more.
 *
 * @throws Fault LINK_USED or LINK_EXPIRED; nothing for an open one.
 */
export function requireOpen(link: Link, nowMs: number): void {
  if (link.endMs !== undefined) throw new Fault(Reason.LINK_USED, { time: utcText(link.endMs) });
  if (link.expireMs > nowMs) return;
  throw new Fault(Reason.LINK_EXPIRED, { time: utcText(link.expireMs) });
}

/** Somebody who is no person of the tenant: an operator of the hub, who visits it. */
export function visitorAs(visitor: string, role: Role): Person {
  return create(PersonSchema, {
    id: `visitor/${visitor}`,
    displayName: `Visit of ${visitor}`,
    role,
  });
}

/** The caller that a session makes of a person. */
export function callerOfSession(tenant: TenantId, person: Person, sessionId: string): PersonCaller {
  return {
    kind: "person",
    audience: Audience.PERSON,
    tenant,
    role: person.role,
    id: `person/${person.id}`,
    personId: person.id,
    sessionId,
    operator: person.operator,
  };
}

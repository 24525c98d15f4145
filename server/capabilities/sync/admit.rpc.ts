import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  OpenedSchema,
  type Open,
  type Opened,
} from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import { isReplicaKey } from "@foedus/kernel/sync/ingress.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";
import type { Driver } from "./driver.loop.ts";
import { granteeOf } from "./grant.ts";
import type { GrantStore } from "./grant.store.ts";
import { unexpected } from "./inflow.ts";
import { agreeOnProtocol, leaveOf, mayWrite, ownerOf } from "./opening.ts";
import type { SyncLog } from "./log.store.ts";
import type { PeerStore } from "./peer.store.ts";
import type { Guest, Seat } from "./seat.ts";

/** What it takes to let somebody into a session. */
export interface SyncKit {
  readonly hub: Pick<Hub, "config" | "identity" | "storage" | "world">;
  readonly driver: Driver;
  readonly fetch: SyncLog["fetch"];
  readonly grants: Pick<GrantStore, "find">;
  readonly writers: Pick<PeerStore, "claim">;
}

/** A session that has begun, and what is said of it first. */
export interface Admitted {
  readonly seat: Seat;
  readonly opened: Opened;
}

/** How many sessions a node and its agents, or a person, have at once in one process. */
export const sessionsMax = 128;

/**
 * Begins a session for the caller. Tenant, zones and rights come from who they are.
 *
 * @throws Fault SYNC_PROTOCOL_UNKNOWN, SYNC_RELAY_NOT_GRANTED, SYNC_REPLICA_TAKEN,
 * SYNC_SESSIONS_MAX, SYNC_FRAME_UNEXPECTED
 */
export async function admit(
  kit: SyncKit,
  caller: Caller,
  open: Open | undefined,
): Promise<Admitted> {
  if (open === undefined) throw unexpected("a session begins with open");
  const { hub, driver } = kit;
  const protocol = agreeOnProtocol(open);
  const guest = await guestOf(kit, caller, open);
  if (driver.countOf(guest) >= sessionsMax) {
    const { owner, grantee = owner } = guest;
    throw new Fault(Reason.SYNC_SESSIONS_MAX, { owner: grantee, limit: sessionsMax });
  }
  if (guest.peer === "CHILD") leaveOlder(driver, guest);
  const seat = driver.open(guest);
  const opened = create(OpenedSchema, {
    protocol,
    sessionId: guest.session,
    hub: driver.state.hub,
    hubName: hub.identity.trustDomain,
    zones: [...guest.zones],
    hubTime: timestampFromMs(hub.storage.nowMs()),
    frameBytesMax: hub.config().requestBytesMax,
    writes: guest.writes,
    tenant: guest.tenant,
    owner: guest.owner,
  });
  return { seat, opened };
}

async function guestOf(kit: SyncKit, caller: Caller, open: Open): Promise<Guest> {
  const { tenant } = caller;
  const { replica, relays } = open;
  if (relays && replica !== "") throw unexpected("a hub writes as no replica");
  if (replica !== "" && !isReplicaKey(replica)) throw unexpected("a replica with no fair name");
  const owner = ownerOf(caller);
  // Who only reads writes nothing under it, and nothing is kept of it.
  const claims = mayWrite(caller) && replica !== "";
  if (claims && (await kit.writers.claim(tenant, replica, owner)) !== owner) {
    throw new Fault(Reason.SYNC_REPLICA_TAKEN, { replica });
  }
  const grantee = granteeOf(caller);
  // Last of all: only of a session that is open it is heard that a grant is another now.
  const grant = grantee === undefined ? undefined : await grantNow(kit, tenant, grantee);
  const { zones, writes } = leaveOf(caller, open, grant, kit.hub.config().zones);
  const session = newId("sync", kit.hub.world);
  const peer = relays ? "CHILD" : "REPLICA";
  return { session, tenant, zones, peer, name: owner, title: "", grantee, owner, replica, writes };
}

/** What a node was granted; read anew as long as it was heard meanwhile that it is another. */
async function grantNow({ grants }: SyncKit, tenant: TenantId, nodeId: string) {
  let reading = grants.find(tenant, nodeId);
  for (;;) {
    const grant = await reading;
    const now = grants.find(tenant, nodeId);
    if (now === reading) return grant;
    reading = now;
  }
}

/** A hub that comes again has lost the session it had, whether or not that is known here. */
function leaveOlder(driver: Driver, { tenant, owner }: Guest): void {
  const isOlder = (one: Guest) => {
    return one.peer === "CHILD" && one.tenant === tenant && one.owner === owner;
  };
  driver.leave(isOlder, "the hub has begun another session");
}

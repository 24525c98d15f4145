import type { Follower } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";

/** What those who look after sync need of the sessions that run in this process. */
export interface Drivers {
  /** Ends the live sessions of a node, whose grant is another now; it opens new ones by itself. */
  regrant(tenant: TenantId, nodeId: string): void;
  /**
   * A stream was committed to, or has a new epoch, and not through these sessions: they look where
   * it stands, and go on or start over from there.
   */
  regrown(tenant: TenantId, stream: Stream): void;
  /**
   * Ends the sessions of replicas that follow a collection or were refused it, as it is declared
   * otherwise by now: what was refused may be taken, and they ask again when they come back.
   */
  redeclared(tenant: TenantId, collection: string): void;
  /** Who follows the streams of a tenant in this process, by the stream's key. */
  followers(tenant: TenantId): ReadonlyMap<string, readonly Follower[]>;
}

/** Where no session can be opened. */
export const noDrivers: Drivers = {
  regrant: () => undefined,
  regrown: () => undefined,
  redeclared: () => undefined,
  followers: () => new Map(),
};

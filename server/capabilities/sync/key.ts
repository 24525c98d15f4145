import { create } from "@bufbuild/protobuf";
import { StreamSchema, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";

/** A stream and whose it is. */
export interface StreamAt {
  readonly tenant: TenantId;
  readonly stream: Stream;
}

/** The stream of a tenant, as stores ask for it. */
export function streamAt(tenant: TenantId, stream: Stream): StreamAt {
  return { tenant, stream };
}

const partsOfKey = 5;

/**
 * What the core's key of a stream names: `tenant/collection/partition/zone/lane`. The core makes it
 * from the tenant of the session; no name in it can hold a slash.
 */
export function streamOfKey(key: string): StreamAt {
  const parts = key.split("/");
  const [tenant = "", collection = "", partition = "", zone = "", lane = ""] = parts;
  if (parts.length !== partsOfKey) throw new Error(`"${key}" is no stream's key`);
  const stream = create(StreamSchema, { collection, partition, zone, lane: Number(lane) });
  return { tenant: tenantProved(tenant), stream };
}

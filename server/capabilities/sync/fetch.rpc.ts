import type { MessageInitShape } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type {
  FetchRequest,
  FetchResponseSchema,
} from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { SyncKit } from "./admit.rpc.ts";
import { fetchBytesMax } from "./fetch.store.ts";
import { granteeOf, zonesOf } from "./grant.ts";
import { unexpected } from "./inflow.ts";

type Answer = MessageInitShape<typeof FetchResponseSchema>;

/** Some records as they are now. @throws Fault SYNC_ZONE_FOREIGN, SYNC_FETCH_TOO_LARGE */
export async function fetch(
  kit: SyncKit,
  caller: Caller,
  { stream, records }: FetchRequest,
): Promise<Answer> {
  if (stream === undefined) throw unexpected("a fetch that names no stream");
  const { tenant } = caller;
  const grantee = granteeOf(caller);
  const grant = grantee === undefined ? undefined : await kit.grants.find(tenant, grantee);
  const zones = zonesOf(kit.hub.config().zones, grant);
  if (!zones.includes(stream.zone)) {
    throw new Fault(Reason.SYNC_ZONE_FOREIGN, { zone: stream.zone, zones: zones.join(", ") });
  }
  const { head, cells, bytes } = await kit.fetch({ tenant, stream }, records);
  if (bytes > fetchBytesMax) {
    throw new Fault(Reason.SYNC_FETCH_TOO_LARGE, { bytes, limit: fetchBytesMax });
  }
  const cursor = { epoch: head.epoch, seq: head.head };
  return { cells: [...cells], cursor, vector: { ...head.vector } };
}

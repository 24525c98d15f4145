import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type {
  CollectionService,
  GetDigestRequest,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { callerOf } from "../../runtime/caller.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { openTurns } from "../../runtime/turns.ts";
import { writeOf } from "../../runtime/write.ts";
import { isSound, recount } from "./digest.store.ts";
import { demandZone, type ZonesOf } from "./grant.rpc.ts";
import { repair, unknownStream } from "./repair.store.ts";
import { findStream } from "./status.store.ts";

/** What a stream holds in numbers. */
export type DigestHalf = Pick<ServiceImpl<typeof CollectionService>, "getDigest" | "repairStream">;

/** What digests take. */
export interface DigestKit {
  readonly storage: Storage;
  readonly zonesOf: ZonesOf;
}

/** Counts streams, and sets right what is kept of them. */
export function digestRpc(kit: DigestKit): DigestHalf {
  // A count reads all of a stream over one connection of the database: one after the other.
  const turns = openTurns();
  const inTurn = <T>({ signal }: HandlerContext, act: () => Promise<T>): Promise<T> =>
    turns(async () => {
      signal.throwIfAborted();
      return await act();
    });
  return {
    async getDigest(request, context) {
      const act = () => getDigest(kit, callerOf(context), request);
      const counts = request.recount || request.bucket !== undefined;
      return counts ? await inTurn(context, act) : await act();
    },

    async repairStream(request, context) {
      const write = writeOf(request, context);
      const { stream } = request;
      if (stream === undefined) throw new Error("validation let a missing stream pass");
      demandZone(await kit.zonesOf(write.caller), stream.zone);
      const at = { tenant: write.caller.tenant, stream };
      return await inTurn(context, () => repair(kit.storage, write, at));
    },
  };
}

async function getDigest(
  { storage, zonesOf }: DigestKit,
  caller: Caller,
  request: GetDigestRequest,
) {
  const { stream, recount: isAnew, bucket } = request;
  if (stream === undefined) throw new Error("validation let a missing stream pass");
  demandZone(await zonesOf(caller), stream.zone);
  const at = { tenant: caller.tenant, stream };
  return await storage.tenant(caller.tenant, async (tx) => {
    const status = await findStream(tx, at);
    if (status === undefined) throw unknownStream(at);
    if (!isAnew && bucket === undefined) return { status };
    const counted = await recount(tx, at, bucket);
    if (counted === undefined) throw unknownStream(at);
    const { head, buckets, cells } = counted;
    // What is kept is of the moment of counting, which is a little later.
    const kept = { head: head.head, epoch: head.epoch, vector: { ...head.vector } };
    const numbers = {
      cells: head.digest.cells,
      digest: head.digest.sum,
      conflicts: head.conflicts,
    };
    return {
      status: { ...status, ...kept, ...numbers },
      buckets: [...buckets],
      sound: isSound(counted),
      cells: cells.map(({ cell: { record, field } }) => ({ record, field })),
      fingerprints: cells.map(({ fingerprint }) => fingerprint),
    };
  });
}

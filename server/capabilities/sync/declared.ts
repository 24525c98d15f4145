import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { CollectionDeclaredSchema } from "@foedus/gen/foedus/sync/v1/sync_event_pb.js";
import { Refusal, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { CollectionSchema, type Collection } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { clone, equals } from "@bufbuild/protobuf";
import type { Change } from "@foedus/kernel/change.ts";
import { fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";

/** All of a tenant's are held in memory, for each write is held against them. */
export const declaredMax = 1_000;

/**
 * Declares a collection, or declares it anew. It may be narrower than what exists: streams outside
 * of it stay and can be read and relayed, and take no new write. So nothing is lost by a mistake,
 * and declaring it wider again mends it.
 *
 * @throws Fault SYNC_DECLARATION_INVALID when no revision lies between the bounds, or the tenant
 * has declared as many as are remembered.
 */
export function declare(
  known: Collection | undefined,
  wished: Collection,
  count: number,
): Change<Collection> {
  const { name, revisionMin, revisionMax } = wished;
  if (known === undefined && count >= declaredMax) {
    const detail = `there are ${count} declared collections, as many as a tenant may have`;
    throw new Fault(Reason.SYNC_DECLARATION_INVALID, { name, detail });
  }
  if (revisionMax !== 0 && revisionMin > revisionMax) {
    const detail = `revision ${revisionMin} at least and ${revisionMax} at most`;
    throw new Fault(Reason.SYNC_DECLARATION_INVALID, { name, detail });
  }
  const next = clone(CollectionSchema, wished);
  next.partitions = next.partitions.toSorted();
  const same = known !== undefined && equals(CollectionSchema, known, next);
  const facts = same ? [] : [fact(CollectionDeclaredSchema, name, { collection: next })];
  return { next, facts };
}

/** Why a stream takes no writes: its collection is declared, and without it. */
export function streamRefusal(declared: Collection | undefined, stream: Stream): Refusal {
  if (declared === undefined) return Refusal.UNSPECIFIED;
  const { partitions, zone, lane } = declared;
  const known = partitions.length === 0 ? stream.partition === "" : isPart(declared, stream);
  const fits = known && zone === stream.zone && lane === stream.lane;
  return fits ? Refusal.UNSPECIFIED : Refusal.NOT_DECLARED;
}

function isPart({ partitions }: Collection, { partition }: Stream): boolean {
  return partitions.includes(partition);
}

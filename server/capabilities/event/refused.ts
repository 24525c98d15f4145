import { toBinary } from "@bufbuild/protobuf";
import { EventRefusedSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Batch } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { BatchSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { hex } from "@foedus/kernel/bytes.ts";
import { fact, type Fact } from "@foedus/kernel/change.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";

/** Whose connection a refused batch came over. */
export interface Refused {
  readonly tenant: TenantId;
  /** A node's id, or a peer's SPIFFE id. */
  readonly nodeId: string;
}

/** What was refused of a node since it was last told. */
export interface RefusedSum extends Refused {
  readonly reason: Reason;
  readonly batches: number;
  readonly events: number;
  /** Of the last one. */
  readonly digest: string;
}

/**
 * What no honest program does: forged, cut, reordered, in another's name, or hidden in bytes that
 * no serializer of ours writes. A clock that is off or an epoch that is old is none of that.
 */
const breaches: ReadonlySet<Reason> = new Set([
  Reason.EVENT_KEY_UNKNOWN,
  Reason.EVENT_SIGNATURE_INVALID,
  Reason.EVENT_MALFORMED,
  Reason.EVENT_PAYLOAD_MALFORMED,
  Reason.EVENT_BATCH_BROKEN,
  Reason.EVENT_TYPE_HUB_ONLY,
  Reason.NOT_YOURS,
]);

/** Nodes that may have refusals waiting; of further ones nothing is told until others were. */
export const refusedNodesMax = 4_096;

/** Counts refusals, one sum a node, until they are told. */
export class Refusals {
  #sums = new Map<string, RefusedSum>();
  #some = Promise.withResolvers<void>();

  /** Resolves when something waits to be told. */
  some(): Promise<void> {
    return this.#some.promise;
  }

  /** Counts a batch that was refused, if its refusal speaks of a breach. */
  count(who: Refused, { reason }: Fault, batch: Batch): void {
    if (!breaches.has(reason)) return;
    const digest = hex(sha256(toBinary(BatchSchema, batch)));
    this.#add({ ...who, reason, batches: 1, events: batch.events.length, digest });
  }

  /** Does what may refuse a batch; a refusal goes on to whoever asked. */
  counting<Opened>(who: Refused, batch: Batch, open: () => Opened): Opened {
    try {
      return open();
    } catch (error) {
      if (error instanceof Fault) this.count(who, error, batch);
      throw error;
    }
  }

  /** All that waits, which then waits no longer. */
  take(): RefusedSum[] {
    const taken = [...this.#sums.values()];
    this.#sums = new Map();
    this.#some = Promise.withResolvers();
    return taken;
  }

  /** Could not be told: counts it in again, under what came since. */
  putBack(sums: readonly RefusedSum[]): void {
    for (const sum of sums) {
      const since = this.#sums.get(keyOf(sum));
      this.#sums.delete(keyOf(sum));
      this.#add(sum);
      if (since !== undefined) this.#add(since);
    }
  }

  #add(sum: RefusedSum): void {
    const before = this.#sums.get(keyOf(sum));
    if (before === undefined && this.#sums.size >= refusedNodesMax) return;
    this.#sums.set(keyOf(sum), {
      ...sum,
      batches: sum.batches + (before?.batches ?? 0),
      events: sum.events + (before?.events ?? 0),
    });
    this.#some.resolve();
  }
}

/** What the hub tells of it. */
export function refusedFact({ nodeId, reason, batches, events, digest }: RefusedSum): Fact {
  return fact(EventRefusedSchema, nodeId, {
    nodeId,
    reason: reasonName(reason),
    batches: BigInt(batches),
    events: BigInt(events),
    digest,
  });
}

function keyOf({ tenant, nodeId }: Refused): string {
  return `${tenant}/${nodeId}`;
}

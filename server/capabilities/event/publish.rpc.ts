import type { HandlerContext } from "@connectrpc/connect";
import { files } from "@foedus/gen/foedus/files.js";
import type { Batch, Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type {
  PublishRequest,
  PublishStreamRequest,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { NodeCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { nodeCallerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { violationOf } from "../../runtime/violation.ts";
import { openBatch } from "./batch.ts";
import { familiesOf } from "./family.ts";
import type { Published } from "./publish.store.ts";
import type { publisher } from "./publish.store.ts";
import type { Refusals } from "./refused.ts";
import type { Signers } from "./signer.rpc.ts";

/** Every family of the schema. */
export const families = familiesOf(files);

/** Stores a batch; resolves once it is durable. */
export type Publisher = ReturnType<typeof publisher>;

/** How many batches of a stream may be on their way into the store. */
const underwayMax = 8;

/** Verifies and stores what nodes tell. */
export function publishRpc(hub: Hub, store: Publisher, signers: Signers, refusals: Refusals) {
  /** Verified before anything is locked: a forger costs nobody else a turn. */
  async function take(caller: NodeCaller, batch: Batch | undefined): Promise<Published> {
    if (batch === undefined) throw new Error("validation let a missing batch pass");
    const signer = await signers.of(caller.tenant, caller.nodeId);
    if (signer === undefined) {
      throw new Fault(Reason.NOT_FOUND, { object: `identity of ${caller.id}` });
    }
    if (signer.revoked) {
      throw new Fault(Reason.NODE_RETIRED, { node: signer.name, why: "its identity was revoked" });
    }
    const rules = { families, nowMs: hub.storage.nowMs(), problemOf };
    const own = { ...signer, source: caller.id };
    return await store(
      caller.tenant,
      refusals.counting(caller, batch, () => openBatch(batch, own, rules)),
    );
  }

  return {
    publish: (request: PublishRequest, context: HandlerContext) =>
      take(nodeCallerOf(context), request.batch),

    async publishStream(requests: AsyncIterable<PublishStreamRequest>, context: HandlerContext) {
      const caller = nodeCallerOf(context);
      const sum = { accepted: 0n, duplicates: 0n, lastCursor: 0n };
      const underway: Promise<Published>[] = [];
      const settle = async (most: number) => {
        while (underway.length > most) {
          const { accepted, duplicates, lastCursor } = await (underway.shift() ?? none);
          sum.accepted += BigInt(accepted);
          sum.duplicates += BigInt(duplicates);
          if (lastCursor > sum.lastCursor) sum.lastCursor = lastCursor;
        }
      };
      for await (const { batch } of requests) {
        const stored = take(caller, batch);
        // Its failure is met when its turn comes, or is moot because an earlier one failed.
        stored.catch(() => undefined);
        underway.push(stored);
        await settle(underwayMax);
      }
      await settle(0);
      return sum;
    },
  };
}

const none: Published = { accepted: 0, duplicates: 0, lastCursor: 0n };

/** The rule of the schema that an event breaks; undefined for none. */
export function problemOf(event: Event): string | undefined {
  const broken = violationOf(EventSchema, event);
  return broken && `${broken.field}: ${broken.problem}`;
}

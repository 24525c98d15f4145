import type { ServiceImpl } from "@connectrpc/connect";
import { TrustAggregateSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { factType } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { callerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { writeOf } from "../../runtime/write.ts";
import { gatherOrder } from "./cycle.flow.ts";
import { cursorOfCycle } from "./evidence.ts";
import { foldLog } from "./fold.flow.ts";
import { keptWords } from "./keep.ts";
import type { LearningStore } from "./learning.store.ts";
import { giveLevel } from "./level.ts";
import { formulaOf } from "./score.ts";
import { witnessing } from "./witness.store.ts";

/** What can be asked of learning. */
export function learningRpc(hub: Hub, store: LearningStore): ServiceImpl<typeof LearningService> {
  return { ...readRpc(hub, store), ...decideRpc(hub, store) };
}

type Decisions = "runCycle" | "setTrustLevel";

function readRpc(
  hub: Hub,
  store: LearningStore,
): Omit<ServiceImpl<typeof LearningService>, Decisions> {
  return {
    async getNetwork(_request, context) {
      const { tenant } = callerOf(context);
      const { cycle, best, slowest, nextMs } = await store.network(tenant);
      const evidenceCursor = cycle === undefined ? 0n : await evidenceOf(hub, tenant, cycle.id);
      const ends = { mostReliable: best, slowestLink: slowest };
      return { cycle, evidenceCursor, ...ends, nextMs: BigInt(Math.round(nextMs)) };
    },

    async listCycles(request, context) {
      const wish = pageWish(request.page, "cycles");
      const cycles = await store.cycles(callerOf(context).tenant, wish);
      const nextPageToken = nextOf("cycles", cycles, wish.size, (one) => one.id);
      return { cycles, nextPageToken, kept: keptWords() };
    },

    async listTrust(request, context) {
      const { tenant } = callerOf(context);
      const cycleId = request.cycleId || ((await store.network(tenant)).cycle?.id ?? "");
      const list = `trust:${request.cycleId}`;
      const wish = pageWish(request.page, list);
      // All pages are of the cycle that the first was of, though newer ones come meanwhile.
      const [after = "", of = cycleId] = wish.after ?? [];
      const page = { size: wish.size, after: after === "" ? undefined : [after] };
      const trust = await store.trust(tenant, of, page);
      const last = trust.length < wish.size ? undefined : trust.at(-1);
      return { trust, nextPageToken: last ? pageToken(list, [last.nodeId, of]) : "" };
    },

    async listTrustHistory(request, context) {
      const { tenant } = callerOf(context);
      const { id } = await nodeOf(hub, tenant, request.node);
      const wish = pageWish(request.page, `history:${id}`);
      const points = await store.history(tenant, id, wish);
      const nextPageToken = nextOf(`history:${id}`, points, wish.size, (one) => one.cycleId);
      return { points, nextPageToken, kept: keptWords() };
    },

    async explainTrust(request, context) {
      const { tenant } = callerOf(context);
      const { id } = await nodeOf(hub, tenant, request.node);
      const { cycle, trust } = await store.find(tenant, id, request.cycleId);
      return { cycle, trust, formula: trust === undefined ? "" : formulaOf(trust.inputs) };
    },
  };
}

function decideRpc(
  hub: Hub,
  store: LearningStore,
): Pick<ServiceImpl<typeof LearningService>, Decisions> {
  const witness = witnessing(hub.identity.trustDomain);
  return {
    async runCycle(request, context) {
      const write = writeOf(request, context);
      const { caller } = write;
      await foldLog(hub, witness, caller.tenant);
      return { cycle: await store.run(write, await gatherOrder(hub, caller.tenant, caller.id)) };
    },

    async setTrustLevel(request, context) {
      const write = writeOf(request, context);
      const node = await nodeOf(hub, write.caller.tenant, request.node);
      const trust = await store.setLevel(write, node.id, (standing, _before, nowMs) =>
        giveLevel(node, standing, write.caller, request, nowMs),
      );
      return { trust };
    },
  };
}

async function nodeOf(hub: Hub, tenant: TenantId, ref: string): Promise<Node> {
  const { node } = await hub.calls.as(NodeService, asLearning(tenant)).getNode({ node: ref });
  if (node === undefined) throw new Fault(Reason.NOT_FOUND, { object: `node ${ref}` });
  return node;
}

/** The cursor of a cycle's own event; 0 while the relay has not brought it into the log. */
async function evidenceOf(hub: Hub, tenant: TenantId, cycleId: string): Promise<bigint> {
  const events = hub.calls.as(EventService, asLearning(tenant));
  const { events: found } = await events.listLatest({ types: [factType(TrustAggregateSchema)] });
  return cursorOfCycle(found, cycleId, hub.identity.trustDomain);
}

function asLearning(tenant: TenantId): Caller {
  return insideCaller("learning", tenant);
}

function nextOf<T>(
  list: string,
  items: readonly T[],
  size: number,
  keyOf: (item: T) => string,
): string {
  const last = items.length < size ? undefined : items.at(-1);
  return last === undefined ? "" : pageToken(list, [keyOf(last)]);
}

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  SetQueueResponseSchema,
  type QueueService,
  type QueueSettings,
  type SetQueueRequest,
  type WatchQueuesResponseSchema,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { settingsWith } from "@foedus/kernel/task/settings.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { callerOf } from "../../runtime/caller.ts";
import { decide } from "../../runtime/storage/decide.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { writeOf } from "../../runtime/write.ts";
import { sharesOf, type Share } from "./figure.store.ts";
import type { News } from "./news.flow.ts";
import { queuesIn, queuesOf, type QueueKit } from "./queue.flow.ts";
import type { Queues } from "./queues.flow.ts";
import { demandQueues } from "./queue.limit.store.ts";
import { lockSettings, saveSettings, settingsOf, weightIn } from "./queue.store.ts";

/** The methods about queues. */
export type QueueHalf = Pick<
  ServiceImpl<typeof QueueService>,
  "listQueues" | "getQueue" | "watchQueues" | "setQueue"
>;

type Kit = QueueKit & { readonly news: News; readonly all: Queues };

/** Shows queues, and runs them. */
export function queueRpc(kit: Kit): QueueHalf {
  return {
    async listQueues({ page }, context) {
      const { tenant } = callerOf(context);
      const { size, after } = pageWish(page, "queues");
      const queues = await queuesOf(kit, tenant, { after: after?.[0] ?? "", limit: size });
      const last = queues.length < size ? undefined : queues.at(-1);
      return { queues, nextPageToken: last === undefined ? "" : pageToken("queues", [last.name]) };
    },

    getQueue: ({ queue }, context) => getQueue(kit, callerOf(context).tenant, queue),
    watchQueues: (_, context) => watchQueues(kit, callerOf(context).tenant, context.signal),
    setQueue: (request, context) => setQueue(kit, request, context),
  };
}

const keysMax = 100;

async function getQueue(kit: QueueKit, tenant: TenantId, name: string) {
  return await kit.storage.tenant(tenant, async (tx) => {
    const [queue] = await queuesIn(kit, tx, { names: [name] });
    if (queue === undefined) throw new Fault(Reason.NOT_FOUND, { object: `queue ${name}` });
    const shares = await sharesOf(tx, name);
    const settings = (await settingsOf(tx.sql, tenant, [name])).get(name);
    const priorities = summed(shares, ({ priority }) => String(priority));
    const keys = summed(shares, ({ key }) => key);
    return {
      queue,
      priorities: priorities
        .map((share) => ({ ...share, weight: 2 ** (Number(share.name) - 1) }))
        .toSorted((one, other) => Number(other.name) - Number(one.name)),
      keys: keys
        .map((share) => ({ ...share, weight: weightIn(settings, share.name) }))
        .toSorted((one, other) => Number(other.ready - one.ready))
        .slice(0, keysMax),
    };
  });
}

function summed(shares: readonly Share[], nameOf: (share: Share) => string) {
  return [...Map.groupBy(shares, nameOf)].map(([name, parts]) => ({
    name,
    ready: BigInt(parts.reduce((sum, { ready }) => sum + ready, 0)),
    oldestReadyTime: timestampFromMs(Math.min(...parts.map(({ oldestMs }) => oldestMs))),
  }));
}

async function setQueue(kit: Kit, request: SetQueueRequest, context: HandlerContext) {
  const write = writeOf(request, context);
  const { queue: name, settings, fields } = request;
  if (settings === undefined) throw new Error("validation let missing settings pass");
  return await decide(kit.storage, write, SetQueueResponseSchema, async (tx) => {
    const known = await lockSettings(tx, name);
    if (known === undefined) await demandQueues(tx, [name]);
    const next: QueueSettings = settingsWith(known, settings, fields);
    await saveSettings(tx, name, next);
    tx.afterCommit(() => kit.news.resumed(tx.tenant, name));
    const [queue] = await queuesIn(kit, tx, { names: [name] });
    return { answer: create(SetQueueResponseSchema, { queue }), facts: [], object: name };
  });
}

type Item = MessageInitShape<typeof WatchQueuesResponseSchema>;

const paceMs = 1_000;
/** Those who watch at the same time share a look that is no older. */
const freshMs = 500;
/** How long a watch is silent at most: who hears nothing for longer has lost the hub. */
const beatMs = 15_000;

/** All queues, then those that changed, at the pace of whoever reads. */
async function* watchQueues(
  { storage, all }: Kit,
  tenant: TenantId,
  signal: AbortSignal,
): AsyncGenerator<Item, void, void> {
  const { clock, timers } = storage.world;
  const told = new Map<string, string>();
  let beatDueMs = 0;
  while (!signal.aborted) {
    const changed = (await all.of(tenant, freshMs)).filter(({ queue, text }) => {
      const isNew = told.get(queue.name) !== text;
      told.set(queue.name, text);
      return isNew;
    });
    const nowMs = clock.monotonic();
    if (changed.length > 0 || nowMs >= beatDueMs) {
      beatDueMs = nowMs + beatMs;
      yield { queues: changed.map(({ queue }) => queue) };
    }
    await timers.sleep(paceMs, signal);
  }
}

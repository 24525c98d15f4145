import type { ServiceImpl } from "@connectrpc/connect";
import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { callerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { readHead, readLog } from "../../runtime/storage/log.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { eventLog } from "./append.store.ts";
import type { Foreigners } from "./foreign.rpc.ts";
import { foreignRpc } from "./foreign.rpc.ts";
import { listLatest } from "./latest.store.ts";
import { withPaths } from "./proof.store.ts";
import { publishRpc } from "./publish.rpc.ts";
import { publisher } from "./publish.store.ts";
import type { Refusals } from "./refused.ts";
import { requestSummaries } from "./request.rpc.ts";
import type { Signers } from "./signer.rpc.ts";
import { storedEvent } from "./stored.ts";
import type { SubscribeKit } from "./subscribe.rpc.ts";
import { subscribe } from "./subscribe.rpc.ts";
import { isProved } from "./verify.ts";
import { keyFor } from "./verify.rpc.ts";

/** What can be asked of event. */
export function eventRpc(
  hub: Hub,
  kit: SubscribeKit,
  signers: Signers,
  refusals: Refusals,
  foreigners: Foreigners,
): ServiceImpl<typeof EventService> {
  const store = publisher(hub.storage);
  return {
    ...publishRpc(hub, store, signers, refusals),
    ...foreignRpc({ hub, store, foreigners, refusals }),
    requestSummaries: requestSummaries(hub),

    subscribe(request, context) {
      return subscribe(kit, callerOf(context).tenant, request, context.signal);
    },

    async getEvent(request, context) {
      const { tenant } = callerOf(context);
      const found = await findEvent(hub, tenant, request.cursor);
      const [event = found] = await withPaths(hub.storage, tenant, [found]);
      const key = await keyFor(hub, signers, tenant, event);
      const verified = key !== undefined && isProved(event, key.publicKey);
      return { event, publicKey: key?.publicKey, nodeName: key?.nodeName, verified };
    },

    async listLatest(request, context) {
      const { tenant } = callerOf(context);
      const { types, sources } = request;
      const list = `latest:${JSON.stringify([types, sources])}`;
      const wish = pageWish(request.page, list);
      const { events, next } = await listLatest(hub.storage, tenant, wish, { types, sources });
      return {
        events: await withPaths(hub.storage, tenant, events),
        nextPageToken: next === undefined ? "" : pageToken(list, next),
      };
    },
  };
}

async function findEvent(hub: Hub, tenant: TenantId, cursor: bigint): Promise<StoredEvent> {
  return await hub.storage.tenant(tenant, async (tx) => {
    const { entries } = await readLog(tx, eventLog, cursor - 1n, 1);
    const [entry] = entries;
    if (entry?.seq === cursor) return storedEvent(entry);
    const { first, seq: last } = await readHead(tx, eventLog);
    throw new Fault(Reason.CURSOR_LOST, { cursor, first, last });
  });
}

import type { ServiceImpl } from "@connectrpc/connect";
import type {
  CollectionService,
  ListStreamsRequest,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { callerOf } from "../../runtime/caller.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { withFollowers, type StatusKit } from "./status.flow.ts";
import { placeOf } from "./status.ts";
import { streamsOf } from "./status.store.ts";
import { openViews } from "./view.flow.ts";
import { watchStreams } from "./watch.rpc.ts";

/** How the streams stand, and who follows them. */
export type StatusHalf = Pick<
  ServiceImpl<typeof CollectionService>,
  "listStreams" | "watchStreams"
>;

/** Lists and watches streams. */
export function statusRpc(kit: StatusKit, hubZones: () => readonly string[]): StatusHalf {
  const views = openViews(kit, hubZones);
  return {
    listStreams: (request, context) => listStreams(kit, callerOf(context), request),

    watchStreams({ collection }, context) {
      return watchStreams(kit, views, callerOf(context), collection, context.signal);
    },
  };
}

async function listStreams(kit: StatusKit, caller: Caller, request: ListStreamsRequest) {
  const { collection, page } = request;
  const { tenant } = caller;
  const list = `streams:${collection}`;
  const { size, after } = pageWish(page, list);
  const zones = await kit.zonesOf(caller);
  const found = await streamsOf(kit.storage, tenant, { collection, zones, size, after });
  const streams = await withFollowers(kit, tenant, found);
  const last = found.length < size ? undefined : found.at(-1)?.stream;
  const nextPageToken = last === undefined ? "" : pageToken(list, placeOf(last));
  return { streams, nextPageToken, zones: [...zones] };
}

import type { ServiceImpl } from "@connectrpc/connect";
import type { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { callerOf } from "../../runtime/caller.ts";
import type { SyncKit } from "./admit.rpc.ts";
import { fetch } from "./fetch.rpc.ts";
import type { PeerHalf } from "./peer.rpc.ts";
import { session } from "./session.rpc.ts";
import { pull, push } from "./twin.rpc.ts";

/** The wire of sync: sessions, whole and in halves. */
export function syncRpc(kit: SyncKit): Omit<ServiceImpl<typeof SyncService>, keyof PeerHalf> {
  return {
    session: (requests, context) => session(kit, requests, context),
    pull: (request, context) => pull(kit, request, context),
    push: (request, context) => push(kit, request, context),
    fetch: (request, context) => fetch(kit, callerOf(context), request),
  };
}

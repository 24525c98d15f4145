import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type {
  CollectionService,
  ListConflictsRequest,
  ResolveConflictRequest,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Conflict } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import type { Clerk } from "@foedus/kernel/sync/admit.ts";
import { dotIn } from "@foedus/kernel/sync/cell.ts";
import { cellKey } from "@foedus/kernel/sync/op.ts";
import { streamText } from "@foedus/kernel/sync/stream.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { callerOf } from "../../runtime/caller.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { writeOf } from "../../runtime/write.ts";
import { ownersOf } from "./author.store.ts";
import { conflictOf, type Author } from "./conflict.ts";
import { conflictsOf, pageBytesMax, type Disputed } from "./conflict.store.ts";
import { demandZone, type ZonesOf } from "./grant.rpc.ts";
import type { Names } from "./names.flow.ts";
import { ownerOf } from "./opening.ts";
import { resolve } from "./resolve.store.ts";

/** What conflicts take. */
export interface ConflictKit {
  readonly storage: Storage;
  readonly names: Names;
  readonly zonesOf: ZonesOf;
  /** Who stamps now, and by which rules. */
  clerk(): Pick<Clerk, "hub" | "rules" | "limits">;
}

/** Fields that hold concurrent values. */
export type ConflictHalf = Pick<
  ServiceImpl<typeof CollectionService>,
  "listConflicts" | "resolveConflict"
>;

/** Lists and resolves conflicts. */
export function conflictRpc(kit: ConflictKit): ConflictHalf {
  return {
    listConflicts: (request, context) => listConflicts(kit, callerOf(context), request),
    resolveConflict: (request, context) => resolveConflict(kit, request, context),
  };
}

async function listConflicts(kit: ConflictKit, caller: Caller, request: ListConflictsRequest) {
  const { stream, name, page } = request;
  const { tenant } = caller;
  const list = `conflicts:${stream === undefined ? "" : streamText(stream)}`;
  const { size, after: place } = pageWish(page, list);
  const zones = await kit.zonesOf(caller);
  if (stream !== undefined) demandZone(zones, stream.zone);
  const [id = "0", key = ""] = place ?? [];
  const after = place === undefined ? undefined : { streamId: Number(id), key };
  const wish = { stream, zones, size, after, key: name === undefined ? undefined : cellKey(name) };
  const { found, owners } = await kit.storage.tenant(tenant, async (tx) => {
    const disputed = await conflictsOf(tx, wish);
    return { found: disputed, owners: await ownersOf(tx, disputed.flatMap(replicasIn)) };
  });
  const authors = await authorsOf(kit, tenant, owners);
  const bytes = found.reduce((sum, each) => sum + each.bytes, 0);
  const last = found.length < size && bytes < pageBytesMax ? undefined : found.at(-1);
  return {
    conflicts: found.flatMap((each): Conflict[] => {
      const conflict = conflictOf(each.stream, each.cell, authors);
      return conflict === undefined ? [] : [conflict];
    }),
    nextPageToken: last === undefined ? "" : pageToken(list, [String(last.streamId), last.key]),
  };
}

function replicasIn({ cell }: Disputed): string[] {
  return cell.siblings.map((sibling) => dotIn(sibling).replica);
}

async function authorsOf(
  { names }: ConflictKit,
  tenant: TenantId,
  owners: ReadonlyMap<string, string>,
): Promise<Map<string, Author>> {
  const called = await names.of(tenant, [...owners.values()]);
  return new Map([...owners].map(([replica, id]) => [replica, { id, name: called.get(id) ?? "" }]));
}

async function resolveConflict(
  kit: ConflictKit,
  request: ResolveConflictRequest,
  context: HandlerContext,
) {
  const write = writeOf(request, context);
  const { caller } = write;
  const { stream, name } = request;
  if (stream === undefined || name === undefined) throw new Error("validation let less pass");
  demandZone(await kit.zonesOf(caller), stream.zone);
  const at = { tenant: caller.tenant, stream };
  const resolution = { at, name, wish: request, ownerId: ownerOf(caller) };
  return await resolve(kit.storage, write, () => kit.clerk(), resolution);
}

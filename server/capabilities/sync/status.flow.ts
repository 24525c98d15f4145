import type { StreamStatus } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { streamKey } from "@foedus/kernel/sync/op.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Drivers } from "./drivers.ts";
import type { ZonesOf } from "./grant.rpc.ts";
import type { Names } from "./names.flow.ts";
import { followed, placeOf } from "./status.ts";
import { streamsOf } from "./status.store.ts";

/** What looking at streams takes. */
export interface StatusKit {
  readonly storage: Storage;
  readonly drivers: Drivers;
  readonly names: Names;
  readonly zonesOf: ZonesOf;
  /** Resolves when anything of the running sessions was committed, acknowledged or closed. */
  changed(signal: AbortSignal): Promise<void>;
}

/** Streams with who follows them, by name. */
export async function withFollowers(
  { drivers, names }: Pick<StatusKit, "drivers" | "names">,
  tenant: TenantId,
  found: readonly StreamStatus[],
): Promise<StreamStatus[]> {
  const live = drivers.followers(tenant);
  const liveOf = ({ stream }: StreamStatus) =>
    stream === undefined ? [] : (live.get(streamKey(tenant, stream)) ?? []);
  const ids = found.flatMap((one) => [...one.followers, ...liveOf(one)].map(({ id }) => id));
  const called = await names.of(tenant, ids);
  return found.map((one) => followed(one, liveOf(one), called));
}

const pageMax = 500;

/** All streams of a tenant in these zones. */
export async function allStreams(
  kit: StatusKit,
  tenant: TenantId,
  zones: readonly string[],
): Promise<StreamStatus[]> {
  const all: StreamStatus[] = [];
  for (let after: string[] | undefined; ;) {
    const wish = { collection: "", zones, size: pageMax, after };
    const found = await streamsOf(kit.storage, tenant, wish);
    all.push(...(await withFollowers(kit, tenant, found)));
    const last = found.at(-1)?.stream;
    if (found.length < pageMax || last === undefined) return all;
    after = placeOf(last);
  }
}

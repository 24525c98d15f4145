import type { MessageInitShape } from "@bufbuild/protobuf";
import type { WatchStreamsResponseSchema } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { StreamStatus } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { StatusKit } from "./status.flow.ts";
import { paceMs, type View, type Viewer } from "./view.flow.ts";

type Item = MessageInitShape<typeof WatchStreamsResponseSchema>;

/** How many streams one message tells of. */
const partMax = 200;

/** How long what other processes did may stay unseen. */
const lookMs = 1_000;

/** How long a watch is silent at most: who hears nothing for longer has lost the hub. */
const beatMs = 15_000;

/**
 * The streams now and each that changes, at most twice a second, at the pace of whoever reads:
 * nothing is held for a slow one but the number of the last look it was told of.
 */
export async function* watchStreams(
  kit: StatusKit,
  views: (tenant: TenantId) => Viewer,
  caller: Caller,
  collection: string,
  signal: AbortSignal,
): AsyncGenerator<Item, void, void> {
  const { clock, timers } = kit.storage.world;
  const viewer = views(caller.tenant);
  let [told, zones, beatDueMs] = [0, "", 0];
  try {
    while (!signal.aborted) {
      const rung = kit.changed(signal);
      const view = await viewer.look();
      const stands = await kit.zonesOf(caller);
      // Who stands elsewhere by now is told all anew: what they had may be gone.
      const isAnew = told === 0 || stands.join() !== zones;
      const wish = { collection, zones: stands, after: isAnew ? 0 : told };
      const streams = told === view.version && !isAnew ? [] : changedIn(view, wish);
      [told, zones] = [view.version, stands.join()];
      const nowMs = clock.monotonic();
      if (isAnew || streams.length > 0 || nowMs >= beatDueMs) {
        beatDueMs = nowMs + beatMs;
        yield* parts(streams, isAnew);
      }
      await timers.sleep(paceMs, signal);
      await Promise.race([rung, timers.sleep(lookMs, signal)]);
    }
  } finally {
    viewer.close();
  }
}

interface Wish {
  readonly collection: string;
  readonly zones: readonly string[];
  readonly after: number;
}

function changedIn({ rows }: View, { collection, zones, after }: Wish): StreamStatus[] {
  return [...rows.values()].flatMap(({ status, version }) => {
    const { stream } = status;
    if (version <= after || stream === undefined || !zones.includes(stream.zone)) return [];
    return collection === "" || stream.collection === collection ? [status] : [];
  });
}

/** At least one message; of a whole list the last says that it is whole. */
function* parts(streams: readonly StreamStatus[], isWhole: boolean): Generator<Item, void, void> {
  for (let at = 0; at === 0 || at < streams.length; at += partMax) {
    const complete = isWhole && at + partMax >= streams.length;
    yield { streams: streams.slice(at, at + partMax), complete };
  }
}

import { createClient, type Transport } from "@connectrpc/connect";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { clock, every } from "../../parts/clock.ts";
import { waitMs } from "../../parts/follow.ts";
import { hubNow } from "../../parts/hub-clock.ts";
import { isRefusal } from "../../parts/trouble.ts";
import { type Lags, noLags } from "./lags.ts";
import { lagsOf, lateAmong } from "./node-lag.ts";
import type { Streams } from "./streams.ts";
import { createStreamsLive } from "./streams-live.ts";

/** On a map nobody reads a figure more often than that. */
const paceMs = 1_000;

/** Tells how far nodes are behind until the signal aborts; without any stream it opens nothing. */
export async function watchLags(
  transport: Transport,
  signal: AbortSignal,
  tell: (lags: Lags) => void,
): Promise<void> {
  while (!signal.aborted && !(await hasStreams(transport, signal))) await seenAgain(signal);
  if (signal.aborted) return;
  const live = createStreamsLive(transport, () => paceMs);
  let streams: Streams | undefined;
  let lags = noLags;
  const look = () => {
    const byNode = streams === live.read() ? lags.byNode : lagsOf(live.read());
    streams = live.read();
    const late = lateAmong(byNode, lags.late, hubNow());
    if (byNode !== lags.byNode || late !== lags.late) lags = { byNode, late };
    tell(lags);
  };
  const stops = [live.subscribe(look), every(paceMs, look), live.hold()];
  signal.addEventListener("abort", () => stops.forEach((stop) => stop()));
}

/** A hub that knows no streams is asked no more; one that is away, until it answers. */
async function hasStreams(transport: Transport, signal: AbortSignal): Promise<boolean> {
  const client = createClient(CollectionService, transport);
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      const { streams } = await client.listStreams({ page: { size: 1 } }, { signal });
      return streams.length > 0;
    } catch (error) {
      if (isRefusal(error)) return false;
      await clock.wait(waitMs(attempt, clock.fraction()), signal);
    }
  }
  return false;
}

/** Resolves when somebody comes back to the page: meanwhile something may be synced. */
function seenAgain(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!signal.aborted && document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
  });
}

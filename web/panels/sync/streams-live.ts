import { createClient, type Transport } from "@connectrpc/connect";
import { useTransport } from "@connectrpc/connect-query";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { useState } from "react";
import { silenceMs } from "../../parts/follow.ts";
import { hubNow } from "../../parts/hub-clock.ts";
import { createLive, type Live } from "../../parts/live.ts";
import { useHold } from "../../parts/use-live.ts";
import { type Heard, noStreams, type Streams, streamsWith } from "./streams.ts";

/** Few rows are drawn a few times a second at most, and many half as often. */
const fewMs = 250;
const manyMs = 500;
const fewMax = 200;

function paceOf({ rows }: Streams): number {
  return rows.size > fewMax ? manyMs : fewMs;
}

/** Follows the streams as long as the component is shown. */
export function useStreamsLive(): Live<Streams> {
  const transport = useTransport();
  const [live] = useState(() => createStreamsLive(transport, paceOf));
  useHold(live);
  return live;
}

/** The streams as the hub tells them, told on at most as often as the pace says. */
export function createStreamsLive(
  transport: Transport,
  pace: (streams: Streams) => number,
): Live<Streams> {
  return createLive<Streams, Heard>({
    first: noStreams,
    open: (_streams, signal) => hearStreams(transport, signal),
    reduce: streamsWith,
    paceMs: (streams) => (streams.complete ? pace(streams) : 0),
    reconnect: () => undefined,
    silenceMs,
    forget: (streams) => ({ ...streams, arriving: undefined }),
  });
}

/** Each opening begins with a whole list: until it is here, the one of before stays in sight. */
export async function* hearStreams(
  transport: Transport,
  signal: AbortSignal,
): AsyncIterable<Heard> {
  const client = createClient(CollectionService, transport);
  let [first, isWhole] = [true, false];
  for await (const response of client.watchStreams({}, { signal })) {
    // All is told anew to who stands in other zones by now: another opening begins with all of it.
    if (isWhole && response.complete) return;
    yield { response, first, nowMs: hubNow() };
    first = false;
    isWhole ||= response.complete;
  }
}

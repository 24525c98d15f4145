import { createClient, type Transport } from "@connectrpc/connect";
import { useTransport } from "@connectrpc/connect-query";
import { QueueService } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { useState } from "react";
import { silenceMs } from "../../parts/follow.ts";
import { hubNow } from "../../parts/hub-clock.ts";
import { createLive, type Live } from "../../parts/live.ts";
import { useHold } from "../../parts/use-live.ts";
import { type Heard, noQueues, type Queues, queuesWith } from "./queues.ts";

/** Figures that change faster than this cannot be read. */
const paceMs = 250;

/** Follows the queues as long as the component is shown. */
export function useQueuesLive(): Live<Queues> {
  const transport = useTransport();
  const [live] = useState(() =>
    createLive<Queues, Heard>({
      first: noQueues,
      open: (_, signal) => hearQueues(transport, signal),
      reduce: queuesWith,
      paceMs: ({ complete }) => (complete ? paceMs : 0),
      reconnect: () => undefined,
      silenceMs,
      forget: (queues) => queues,
    }),
  );
  useHold(live);
  return live;
}

async function* hearQueues(transport: Transport, signal: AbortSignal): AsyncIterable<Heard> {
  const client = createClient(QueueService, transport);
  let first = true;
  for await (const response of client.watchQueues({}, { signal })) {
    yield { response, first, nowMs: hubNow() };
    first = false;
  }
}

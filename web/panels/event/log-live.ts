import { type Client, createClient } from "@connectrpc/connect";
import { useTransport } from "@connectrpc/connect-query";
import {
  EventService,
  type SubscribeResponse,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { useMemo } from "react";
import { silenceMs } from "../../parts/follow.ts";
import { createLive, type Live } from "../../parts/live.ts";
import { useHold } from "../../parts/use-live.ts";
import { emptyLog, type Log, logWith } from "./log.ts";

/** What part of the log is wanted. */
export interface LogWish {
  /** How many places of the log to look back. */
  readonly depth: number;
  readonly types: readonly string[];
  readonly sources: readonly string[];
}

/** Stands in no type and in no SPIFFE id. */
const separator = "\n";

function listOf(text: string): readonly string[] {
  return text.split(separator).filter(Boolean);
}

/** Replays the newest part of the log and follows it. */
export function useLogLive({ depth, types, sources }: LogWish): Live<Log> {
  const transport = useTransport();
  const wantedTypes = types.join(separator);
  const wantedSources = sources.join(separator);
  const live = useMemo(() => {
    const client = createClient(EventService, transport);
    const wish = { depth, types: listOf(wantedTypes), sources: listOf(wantedSources) };
    return createLive<Log, SubscribeResponse>({
      first: emptyLog(undefined),
      open: (log, signal) => tell(client, log, wish, signal),
      reduce: logWith,
      reconnect: ({ item }) => (item.case === "reconnect" ? Number(item.value.afterMs) : undefined),
      silenceMs,
      forget: () => emptyLog(undefined),
    });
  }, [transport, wantedTypes, wantedSources, depth]);
  useHold(live);
  return live;
}

async function* tell(
  client: Client<typeof EventService>,
  log: Log,
  { depth, types, sources }: LogWish,
  signal: AbortSignal,
): AsyncIterable<SubscribeResponse> {
  const after = log.cursor ?? (await headOf(client, signal)) - BigInt(depth);
  const afterCursor = after > 0n ? after : 0n;
  yield* client.subscribe({ afterCursor, types: [...types], sources: [...sources] }, { signal });
}

/** Where the log ends now. */
async function headOf(client: Client<typeof EventService>, signal: AbortSignal): Promise<bigint> {
  let head = 0n;
  for await (const { item } of client.subscribe({ untilHead: true }, { signal })) {
    if (item.case === "head") head = item.value.cursor;
  }
  return head;
}

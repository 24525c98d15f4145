import { type Client, createClient } from "@connectrpc/connect";
import { useTransport } from "@connectrpc/connect-query";
import {
  EventService,
  type SubscribeResponse,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { useEffect, useMemo } from "react";
import { silenceMs } from "../../parts/follow.ts";
import { createLive, type Live } from "../../parts/live.ts";
import { emptyLog, type Log, logWith } from "./log.ts";

/** What part of the log is wanted. */
export interface LogWish {
  /** How many places of the log to look back. */
  readonly depth: number;
  readonly types: readonly string[];
  readonly exceptTypes: readonly string[];
  /** By SPIFFE id; undefined while nobody knows them yet. */
  readonly sources: readonly string[] | undefined;
  readonly subjects: readonly string[];
}

/** Replays the newest part of the log and follows it. */
export function useLogLive(wish: LogWish): Live<Log> {
  const transport = useTransport();
  const asked = JSON.stringify(wish);
  const live = useMemo(() => {
    const client = createClient(EventService, transport);
    // The same words are the same wish, however often the page is drawn.
    const stable = JSON.parse(asked) as LogWish;
    return createLive<Log, SubscribeResponse>({
      first: emptyLog(undefined),
      open: (log, signal) => tell(client, log, stable, signal),
      reduce: logWith,
      reconnect: ({ item }) => (item.case === "reconnect" ? Number(item.value.afterMs) : undefined),
      silenceMs,
      forget: () => emptyLog(undefined),
    });
  }, [transport, asked]);
  const known = wish.sources !== undefined;
  useEffect(() => (known ? live.hold() : undefined), [live, known]);
  return live;
}

async function* tell(
  client: Client<typeof EventService>,
  log: Log,
  { depth, types, exceptTypes, sources = [], subjects }: LogWish,
  signal: AbortSignal,
): AsyncIterable<SubscribeResponse> {
  const after = log.cursor ?? (await headOf(client, signal)) - BigInt(depth);
  const afterCursor = after > 0n ? after : 0n;
  const filter = {
    types: [...types],
    exceptTypes: [...exceptTypes],
    sources: [...sources],
    subjects: [...subjects],
  };
  yield* client.subscribe({ afterCursor, ...filter }, { signal });
}

/** Where the log ends now. */
async function headOf(client: Client<typeof EventService>, signal: AbortSignal): Promise<bigint> {
  let head = 0n;
  for await (const { item } of client.subscribe({ untilHead: true }, { signal })) {
    if (item.case === "head") head = item.value.cursor;
  }
  return head;
}

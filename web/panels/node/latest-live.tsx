import { type Client, createClient } from "@connectrpc/connect";
import { useTransport } from "@connectrpc/connect-query";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { useState } from "react";
import { silenceMs } from "../../parts/follow.ts";
import { createLive, type Live } from "../../parts/live.ts";
import { useHold } from "../../parts/use-live.ts";
import { type Latest, type LatestItem, latestTypes, latestWith, nothingLatest } from "./latest.ts";

const pageSize = 1_000;
/** Before listing anew, so that a hub in trouble is not asked without end. */
const gapPauseMs = 1_000;

/** A thousand cards need not be looked through with each of a hundred events a second. */
const paceMs = 100;

/** Lists what is true and follows what changes it. */
export function useLatestLive(): Live<Latest> {
  const transport = useTransport();
  const [live] = useState(() => {
    const client = createClient(EventService, transport);
    return createLive<Latest, LatestItem>({
      first: nothingLatest,
      open: (latest, signal) => tell(client, latest, signal),
      reduce: latestWith,
      paceMs: ({ complete }) => (complete ? paceMs : 0),
      reconnect,
      silenceMs,
      forget: (latest) => ({ ...latest, cursor: undefined, complete: false }),
    });
  });
  useHold(live);
  return live;
}

/**
 * Whatever is stored after the first page was read has a higher cursor than all of that page, so
 * following from there misses nothing that later pages might not show.
 */
async function* tell(
  client: Client<typeof EventService>,
  latest: Latest,
  signal: AbortSignal,
): AsyncIterable<LatestItem> {
  let after = latest.complete ? latest.cursor : undefined;
  let token = "";
  while (after === undefined || token !== "") {
    const request = { page: { size: pageSize, token }, types: latestTypes };
    const { events, nextPageToken } = await client.listLatest(request, { signal });
    after ??= events.reduce((most, { cursor }) => (cursor > most ? cursor : most), 0n);
    token = nextPageToken;
    yield { case: "listed", events, last: token === "" };
  }
  const request = { afterCursor: after, types: latestTypes };
  for await (const response of client.subscribe(request, { signal })) {
    yield { case: "heard", response };
  }
}

function reconnect(item: LatestItem): number | undefined {
  if (item.case !== "heard") return undefined;
  const heard = item.response.item;
  if (heard.case === "reconnect") return Number(heard.value.afterMs);
  return heard.case === "gap" ? gapPauseMs : undefined;
}

import type { StreamStatus } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import {
  CollectionService,
  WatchStreamsResponseSchema,
  type WatchStreamsResponse,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { streamText } from "@foedus/kernel/sync/stream.ts";
import type { CliContext } from "../context.ts";
import { following } from "../following.ts";
import type { HubClient } from "../hub-client.ts";
import { dim, strong, warn, type Piece } from "../paint.ts";
import { jsonOf } from "../print.ts";
import { clockText } from "../words/clock.ts";
import { counted } from "../words/plural.ts";
import { isMeant, tellStreams, type Which } from "./status.ts";
import { followerText, lagText } from "./words.ts";

/** Shows the streams and each change, through interruptions, until Ctrl-C. */
export async function watchStreams(context: CliContext, which: Which): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const client = hub.as(CollectionService);
  const collection = which?.stream.collection ?? "";
  // A hub that is not there now is a failure; one that goes meanwhile is waited for.
  await client.listStreams({ collection, page: { size: 1 } }, hub.call);
  const screen = openScreen(context, hub);
  const items = following(context, hub, (signal) => {
    screen.begin();
    return client.watchStreams({ collection }, { signal });
  });
  for await (const item of items) {
    const streams = item.streams.filter((status) => isMeant(which, status));
    const meant = { ...item, streams };
    if (print.output === "text") await screen.take(meant);
    else if (streams.length > 0 || item.complete) {
      print.json(jsonOf(WatchStreamsResponseSchema, meant));
    }
  }
}

/** All streams in a table first, then a line for each change. */
function openScreen(context: CliContext, hub: HubClient) {
  const { print } = context;
  const known = new Map<string, StreamStatus>();
  let isWhole = false;
  return {
    begin() {
      isWhole = false;
      known.clear();
    },
    async take({ streams, complete }: WatchStreamsResponse): Promise<void> {
      for (const status of streams) {
        if (isWhole) tellChange(print, known.get(keyOf(status)), status, hub.nowMs());
        known.set(keyOf(status), status);
      }
      if (isWhole || !complete) return;
      isWhole = true;
      if (known.size > 0) await tellStreams(context, [...known.values()], hub.nowMs());
      const what = known.size === 0 ? "Nothing is synced yet" : counted(known.size, "stream");
      print.note(dim(`${what}. Waiting for changes; Ctrl-C ends.`));
    },
  };
}

function tellChange(
  { line }: CliContext["print"],
  was: StreamStatus | undefined,
  now: StreamStatus,
  nowMs: number,
): void {
  const grown = now.head - (was?.head ?? 0);
  const more = was !== undefined && was.epoch !== now.epoch ? ", begun anew" : ` (+${grown})`;
  const head = grown === 0 ? `at ${now.head}` : `at ${now.head}${more}`;
  const resolved = now.conflicts === 0 && (was?.conflicts ?? 0) > 0 ? ", no conflict left" : "";
  const conflicts: Piece =
    now.conflicts === 0 ? resolved : warn(`, ${counted(now.conflicts, "conflict")}`);
  const time = dim(`${clockText(nowMs)}  `);
  line(time, strong(keyOf(now)), ` ${head}`, conflicts, ...now.followers.flatMap(followed));
}

function followed(follower: StreamStatus["followers"][number]): Piece[] {
  return ["; ", followerText(follower), " lacks ", lagText(follower)];
}

function keyOf({ stream }: StreamStatus): string {
  return stream === undefined ? "" : streamText(stream);
}

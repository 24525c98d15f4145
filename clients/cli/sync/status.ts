import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import {
  CollectionService,
  ListStreamsResponseSchema,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { StreamStatus } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { streamText } from "@foedus/kernel/sync/stream.ts";
import type { CliContext } from "../context.ts";
import type { HubClient } from "../hub-client.ts";
import { allPages } from "../pages.ts";
import { dim, strong, unknown, warn, type Piece } from "../paint.ts";
import { agoText } from "../words/span.ts";
import { followerText, lagText } from "./words.ts";

/** Which streams are meant: all, those of a collection, or one. */
export type Which = { readonly text: string; readonly stream: Stream } | undefined;

/** Streams as they stand now, and who follows them. */
export async function showStreams(context: CliContext, which: Which): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const streams = await listed(hub, which);
  const answer = create(ListStreamsResponseSchema, streams);
  await print.answer(ListStreamsResponseSchema, answer, async () => {
    if (answer.streams.length > 0) return await tellStreams(context, answer.streams, hub.nowMs());
    const what = which === undefined ? "Nothing is synced" : `Nothing of ${which.text} is synced`;
    print.line(`${what} here yet: a stream begins with its first write.`);
  });
}

async function listed(hub: HubClient, which: Which) {
  const client = hub.as(CollectionService);
  const collection = which?.stream.collection ?? "";
  let zones: string[] = [];
  const streams = await allPages(
    (page) => client.listStreams({ collection, page }, hub.call),
    (page) => {
      ({ zones } = page);
      return page.streams.filter((status) => isMeant(which, status));
    },
  );
  return { streams, zones };
}

/** Whether a stream is meant: a name alone means all streams of the collection. */
export function isMeant(which: Which, { stream }: StreamStatus): boolean {
  if (which === undefined || stream === undefined) return true;
  const isWhole = which.text === which.stream.collection;
  if (isWhole) return stream.collection === which.text;
  return streamText(stream) === streamText(which.stream);
}

const head = ["STREAM", "HEAD", "FIELDS", "CONFLICTS", "WRITTEN", "FOLLOWED BY", "HAS", "LACKS"];

/** Prints them as a table. */
export async function tellStreams(
  { print }: CliContext,
  streams: readonly StreamStatus[],
  nowMs: number,
): Promise<void> {
  await print.table(
    head,
    streams.flatMap((status) => rowsOf(status, nowMs)),
  );
}

/** The stream in the first line, and one line for each who follows it. */
function rowsOf(status: StreamStatus, nowMs: number): Piece[][] {
  const { stream, changeTime, conflicts, followers } = status;
  const own: Piece[] = [
    strong(stream === undefined ? "" : streamText(stream)),
    String(status.head),
    String(status.cells),
    conflicts === 0 ? dim("none") : warn(String(conflicts)),
    changeTime === undefined ? unknown : agoText(timestampMs(changeTime), nowMs),
  ];
  const nobody: Piece[] = [dim("nobody"), "", ""];
  const more = status.followerCount - followers.length;
  const others: Piece[] = [dim(`and ${more} that lack no more`), "", ""];
  const blank = own.map(() => "");
  const rows = followers.map((each): Piece[] => [
    followerText(each),
    String(each.seq),
    lagText(each),
  ]);
  const all = more > 0 ? [...rows, others] : rows;
  return (all.length === 0 ? [nobody] : all).map((row, at) => [
    ...(at === 0 ? own : blank),
    ...row,
  ]);
}

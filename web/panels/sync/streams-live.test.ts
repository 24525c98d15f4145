import { create } from "@bufbuild/protobuf";
import { createRouterTransport } from "@connectrpc/connect";
import {
  CollectionService,
  type WatchStreamsResponse,
  WatchStreamsResponseSchema,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { expect, test } from "vitest";
import { hearStreams } from "./streams-live.ts";

const told = (complete: boolean, ...collections: readonly string[]) =>
  create(WatchStreamsResponseSchema, {
    streams: collections.map((collection) => ({ stream: { collection, zone: "world", lane: 2 } })),
    complete,
  });

/** What a page hears of a hub that tells these: for each message whether it is the first. */
async function heardOf(messages: readonly WatchStreamsResponse[]) {
  const transport = createRouterTransport(({ service }) => {
    service(CollectionService, {
      async *watchStreams() {
        yield* messages;
      },
    });
  });
  const heard: [boolean, string[]][] = [];
  for await (const { first, response } of hearStreams(transport, new AbortController().signal)) {
    heard.push([first, response.streams.map(({ stream }) => stream?.collection ?? "")]);
  }
  return heard;
}

test("a list in parts begins with its first message", async () => {
  const heard = await heardOf([told(false, "a"), told(true, "b"), told(false, "c")]);
  expect(heard).toEqual([
    [true, ["a"]],
    [false, ["b"]],
    [false, ["c"]],
  ]);
});

test("a hub that tells all anew ends the stream: the next one begins with all of it", async () => {
  const heard = await heardOf([told(true, "a", "b"), told(false, "b"), told(true, "a")]);
  expect(heard.at(-1)).toEqual([false, ["b"]]);
  expect(heard).toHaveLength(2);
});

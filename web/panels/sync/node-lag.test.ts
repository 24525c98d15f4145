import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { WatchStreamsResponseSchema } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { type FollowerSchema, PeerKind } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { expect, test } from "vitest";
import { lateMs } from "./lag-text.ts";
import { syncShort, syncText } from "./lags.ts";
import { lagsOf, lateAmong } from "./node-lag.ts";
import { noStreams, streamsWith } from "./streams.ts";

type Told = MessageInitShape<typeof FollowerSchema>;
const toldMs = 100_000;

/** The lag of each follower where streams tell of these. */
function lagsBy(...streams: Told[][]) {
  const statuses = streams.map((followers, at) => ({
    stream: { collection: `c${at}`, zone: "world", lane: 2 },
    followers: followers.map((each) => ({ connected: true, ...each })),
  }));
  const response = create(WatchStreamsResponseSchema, { streams: statuses, complete: true });
  return lagsOf(streamsWith(noStreams, { response, first: true, nowMs: toldMs }));
}

const web = (lagOps: number, lagMs: bigint) => ({ id: "web", lagOps, lagMs });

test("a node lacks what it lacks in all streams, since the oldest of it", () => {
  expect(lagsBy([web(2, 800n)], [web(1, 3_000n)], [web(0, 0n)]).get("web")).toMatchObject({
    streams: 3,
    ops: 3,
    sinceMs: toldMs - 3_000,
  });
});

test("the hub above is on no map, and who is refused lacks nothing", () => {
  const lags = lagsBy([
    { id: "up", kind: PeerKind.PARENT, lagOps: 3 },
    { id: "eu", refusal: Refusal.ZONE, lagOps: 3, lagMs: 9n },
  ]);
  expect([...lags.keys()]).toEqual(["eu"]);
  expect(lags.get("eu")).toMatchObject({ refused: 1, ops: 0, sinceMs: undefined });
});

test("somebody is late after five seconds and not at five, though nobody told more", () => {
  const lags = lagsBy([web(1, 1_000n)]);
  const fifth = toldMs - 1_000 + lateMs;
  expect(lateAmong(lags, new Set(), fifth).size).toBe(0);
  expect([...lateAmong(lags, new Set(), fifth + 1)]).toEqual(["web"]);
});

test("who is away waits for itself", () => {
  const lags = lagsBy([{ ...web(1, 90_000n), connected: false }]);
  expect(lateAmong(lags, new Set(), toldMs).size).toBe(0);
});

test("the set is the same object while nobody comes or goes: nothing is painted anew", () => {
  const lags = lagsBy([web(1, 60_000n)]);
  const late = lateAmong(lags, new Set(), toldMs);
  expect(lateAmong(lags, late, toldMs + 1)).toBe(late);
  expect(lateAmong(lagsBy([web(0, 0n)]), late, toldMs)).not.toBe(late);
});

test("a lag is told in words that grow", () => {
  const lag = lagsBy([web(3, 200n)]).get("web");
  expect(lag && syncText(lag, toldMs + 1_000)).toBe("sync 3 ops behind, 1.2 s");
  expect(lag && syncShort(lag, toldMs + 799)).toBe(undefined);
  expect(lag && syncShort(lag, toldMs + 1_000)).toBe("3 ops, 1.2 s");
  const none = lagsBy([web(0, 0n)]).get("web");
  expect(none && syncText(none, toldMs)).toBe(undefined);
});

import { create, type Message, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { WatchStreamsResponseSchema } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { StreamStatusSchema } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { expect, test } from "vitest";
import { findStreams, sortIn, sortStreams } from "./sort.ts";
import { noStreams, streamsWith } from "./streams.ts";

type Told = Pick<Status, "head" | "followers" | "changeTime">;
type Status = Exclude<MessageInitShape<typeof StreamStatusSchema>, Message>;

function rowsOf(told: Readonly<Record<string, Told>>) {
  const streams = Object.entries(told).map(([collection, status]) => ({
    ...status,
    stream: { collection, zone: "world", lane: 2 },
  }));
  const response = create(WatchStreamsResponseSchema, { streams, complete: true });
  return [...streamsWith(noStreams, { response, first: true, nowMs: 0 }).rows.values()];
}

const late = (lagOps: number, lagMs: bigint, name = "") => ({ lagOps, lagMs, name });
const rows = rowsOf({
  notes: { head: 30, followers: [late(1, 0n, "Harbour")] },
  tasks: { head: 2, followers: [late(0, 0n, "lamp")] },
  agents: { head: 30, followers: [late(9, 70n)], changeTime: timestampFromMs(5) },
});
const namesBy = (text: string | undefined) =>
  sortStreams(rows, sortIn(text)).map(({ status }) => status.stream?.collection);

test("by name unless the address says otherwise", () => {
  expect(namesBy(undefined)).toEqual(["agents", "notes", "tasks"]);
  expect(namesBy("nonsense")).toEqual(["agents", "notes", "tasks"]);
});

test("what is equal stands by name, whichever way", () => {
  expect(namesBy("-head")).toEqual(["agents", "notes", "tasks"]);
  expect(namesBy("head")).toEqual(["tasks", "agents", "notes"]);
});

test("one who lacks something is behind one who lacks nothing", () => {
  expect(namesBy("-lag")).toEqual(["agents", "notes", "tasks"]);
  expect(namesBy("lag")).toEqual(["tasks", "notes", "agents"]);
});

test("a stream that nobody wrote to is the oldest", () => {
  expect(namesBy("-changed")[0]).toBe("agents");
});

test("a stream is found by its own name, and by who follows it", () => {
  expect(findStreams(rows, " OTE no ").map(({ key }) => key)).toEqual(["notes"]);
  expect(findStreams(rows, "harb").map(({ key }) => key)).toEqual(["notes"]);
  expect(findStreams(rows, "")).toBe(rows);
});

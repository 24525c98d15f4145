import { create } from "@bufbuild/protobuf";
import { WatchStreamsResponseSchema } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { expect, test } from "vitest";
import { type Heard, noStreams, type Streams, streamsWith } from "./streams.ts";

/** A message that tells of streams by name, each with its head. */
function heard(heads: Readonly<Record<string, number>>, how: Partial<Heard> & { whole?: boolean }) {
  const streams = Object.entries(heads).map(([collection, head]) => ({
    stream: { collection, zone: "world", lane: 2 },
    head,
  }));
  const response = create(WatchStreamsResponseSchema, { streams, complete: how.whole ?? false });
  return { response, first: how.first ?? false, nowMs: how.nowMs ?? 0 };
}

/** The head of each stream by its name. */
function headsOf({ rows }: Streams): Readonly<Record<string, number>> {
  const heads: Record<string, number> = {};
  for (const { key, status } of rows.values()) heads[key] = status.head;
  return heads;
}

const whole = { first: true, whole: true };

test("a first list and a change in one of them", () => {
  const list = streamsWith(noStreams, heard({ notes: 1, tasks: 5 }, whole));
  expect(list.complete).toBe(true);
  const changed = streamsWith(list, heard({ notes: 2 }, {}));
  expect(headsOf(changed)).toEqual({ notes: 2, tasks: 5 });
});

test("an empty list is a list: nothing is there, and that is known", () => {
  expect(streamsWith(noStreams, heard({}, whole)).complete).toBe(true);
});

test("a list in parts is shown when its last part is here", () => {
  const part = streamsWith(noStreams, heard({ notes: 1 }, { first: true }));
  expect([part.complete, headsOf(part)]).toEqual([false, {}]);
  const all = streamsWith(part, heard({ tasks: 5 }, { whole: true }));
  expect([all.complete, headsOf(all)]).toEqual([true, { notes: 1, tasks: 5 }]);
});

test("after a reconnect what is gone leaves, and until then stays in sight", () => {
  const before = streamsWith(noStreams, heard({ notes: 1, gone: 9 }, whole));
  const midway = streamsWith(before, heard({ notes: 3 }, { first: true }));
  expect(headsOf(midway)).toEqual({ notes: 1, gone: 9 });
  const after = streamsWith(midway, heard({ tasks: 2 }, { whole: true }));
  expect(headsOf(after)).toEqual({ notes: 3, tasks: 2 });
});

test("a list that was cut in the middle leaves nothing behind", () => {
  const cut = streamsWith(noStreams, heard({ notes: 1, half: 1 }, { first: true }));
  const again = streamsWith(cut, heard({ notes: 2 }, whole));
  expect(headsOf(again)).toEqual({ notes: 2 });
});

test("a row that nobody told of is the same object, so that nothing draws it anew", () => {
  const before = streamsWith(noStreams, heard({ notes: 1, tasks: 5 }, whole));
  const after = streamsWith(before, heard({ notes: 2 }, {}));
  expect(after.rows.get("tasks")).toBe(before.rows.get("tasks"));
});

test("a message without streams is a sign of life, and nothing is drawn anew", () => {
  const list = streamsWith(noStreams, heard({ notes: 1 }, whole));
  expect(streamsWith(list, heard({}, {}))).toBe(list);
});

test("a status that names no stream breaks nothing", () => {
  const response = create(WatchStreamsResponseSchema, { streams: [{ head: 4 }], complete: true });
  expect(streamsWith(noStreams, { response, first: true, nowMs: 0 }).rows.size).toBe(0);
});

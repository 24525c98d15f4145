import { create, toBinary } from "@bufbuild/protobuf";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { SubscribeResponseSchema } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { expect, test } from "vitest";
import { areas, noNotices, noticed, turnedSince } from "./notices.ts";

function told(cursor: bigint, ...types: string[]) {
  const events = types.map((type) => ({
    cursor,
    event: toBinary(EventSchema, create(EventSchema, { type })),
  }));
  return create(SubscribeResponseSchema, {
    item: { case: "delivery", value: { events, cursor } },
  });
}

const head = create(SubscribeResponseSchema, { item: { case: "head", value: { cursor: 7n } } });
const gap = create(SubscribeResponseSchema, { item: { case: "gap", value: { toCursor: 9n } } });

test("a notice concerns its own area and no other", () => {
  const before = noticed(noNotices, head);
  const now = noticed(before, told(8n, "access.rule_changed", "trust_aggregate"));
  expect(turnedSince(before, now)).toEqual(["access", "learning"]);
  expect(now.cursor).toBe(8n);
});

test("what was read before the stream began is read once more, once", () => {
  const first = noticed(noNotices, head);
  expect(turnedSince(noNotices, first)).toEqual(areas);
  expect(turnedSince(first, noticed(first, head))).toEqual([]);
});

test("a gap may hide a change of anything", () => {
  const before = noticed(noNotices, head);
  const now = noticed(before, gap);
  expect(turnedSince(before, now)).toEqual(areas);
  expect(now.cursor).toBeUndefined();
});

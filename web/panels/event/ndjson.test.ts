import { create, toBinary } from "@bufbuild/protobuf";
import { EventSchema, StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { expect, test } from "vitest";
import { factOf } from "../../parts/fact.ts";
import { ndjsonOf } from "./ndjson.ts";
import type { Row } from "./log.ts";

const source = "spiffe://foedus.test/tenant/main/node/node_a";

function row(type: string): Row {
  const event = { type, source, payload: new Uint8Array([1, 2]), sequence: 7n, subject: "a\nb" };
  const bytes = toBinary(EventSchema, create(EventSchema, event));
  const fact = factOf(create(StoredEventSchema, { cursor: 4n, receivedMs: 9n, event: bytes }));
  if (fact === undefined) throw new Error("an event");
  return { case: "fact", cursor: 4n, fact };
}

test("each row is a line, whatever is in it, and a gap says what is missing", () => {
  const gap: Row = { case: "gap", cursor: 3n, from: 1n, reason: "it is no longer kept" };
  const text = ndjsonOf([gap, row("nobody.knows")], new Map([[source, "atlas"]]));
  expect(text.endsWith("\n")).toBe(true);
  const lines = text.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { kind: "gap", fromCursor: "1", toCursor: "3", reason: "it is no longer kept" },
    {
      kind: "event",
      cursor: "4",
      receivedMs: "9",
      name: "atlas",
      type: "nobody.knows",
      source,
      subject: "a\nb",
      timeMs: "0",
      stream: "",
      epoch: "0",
      sequence: "7",
      payload: null,
      payloadBytes: "AQI=",
    },
  ]);
});

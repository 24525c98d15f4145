import { create } from "@bufbuild/protobuf";
import { ConflictSchema } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { expect, test } from "vitest";
import { authorText, cellText, conflictKey, seenText } from "./wording.ts";

const dots = [
  { replica: "a", ctr: 1 },
  { replica: "b", ctr: 7 },
];
const conflict = create(ConflictSchema, {
  stream: { collection: "notes", zone: "world", lane: 2 },
  name: { record: "list", field: "title" },
  contenders: dots.map((dot) => ({ sibling: { dot } })),
});

test.each([
  ["list", "title", "list · title"],
  ["list", "", "list"],
  ["", "title", "title"],
  ["", "", "unnamed"],
  ["pay \u202e0001", "", "pay \\u202e0001"],
])("the field %j %j is called %j", (record, field, words) => {
  expect(cellText(create(ConflictSchema, { name: { record, field } }))).toBe(words);
});

test("a conflict keeps its place in the list while its values change", () => {
  const later = { ...conflict, contenders: conflict.contenders.slice(1) };
  expect(conflictKey(later)).toBe(conflictKey(conflict));
  expect(seenText(later)).not.toBe(seenText(conflict));
});

test("names that hold what others are joined by are still two", () => {
  const keyOf = (record: string, field: string) =>
    conflictKey(create(ConflictSchema, { name: { record, field } }));
  expect(keyOf('a","b', "c")).not.toBe(keyOf("a", 'b","c'));
});

test("where nobody knows whose replica it is, the replica is named", () => {
  const [first] = conflict.contenders;
  expect(first && authorText(first)).toBe("replica a");
  expect(first && authorText({ ...first, author: "web" })).toBe("web");
});

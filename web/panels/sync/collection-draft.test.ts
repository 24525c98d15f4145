import { create } from "@bufbuild/protobuf";
import { CollectionSchema } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { expect, test } from "vitest";
import { collectionOf, draftOfCollection, wordsIn } from "./collection-draft.ts";

test("a collection that is opened and declared anew is the same", () => {
  const catalog = create(CollectionSchema, {
    name: "catalog",
    zone: "eu",
    lane: 0,
    partitions: ["east", "west"],
    revisionMin: 3,
    revisionMax: 5,
  });
  expect(create(CollectionSchema, collectionOf(draftOfCollection(catalog)))).toEqual(catalog);
});

test("a new one stands in the world, in the usual lane, and takes any revision", () => {
  expect(collectionOf(draftOfCollection(undefined))).toMatchObject({
    zone: "world",
    lane: 2,
    partitions: [],
    revisionMax: 0,
  });
});

test("words are told apart by blanks and commas, and each counts once", () => {
  expect(wordsIn(" east, west  east,")).toEqual(["east", "west"]);
});

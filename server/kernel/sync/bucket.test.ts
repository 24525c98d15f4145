import { create } from "@bufbuild/protobuf";
import { CellSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { bucketCount, bucketed, bucketOf, wholeDigest } from "./bucket.ts";
import { emptyDigest, redigested, type Digest } from "./digest.ts";

const cells = Array.from({ length: 5_000 }, (_, at) =>
  create(CellSchema, { record: `note-${at}`, field: "text", sum: BigInt(at) }),
);

test("what the parts come to is what the whole comes to", () => {
  const digests = new Map<number, Digest>();
  bucketed(digests, cells);
  let whole: Digest = emptyDigest;
  for (const cell of cells) whole = redigested(whole, undefined, cell);
  expect(wholeDigest(digests.values())).toEqual(whole);
});

test("similar names fall into all parts, about equally", () => {
  const counts = new Map<number, number>();
  for (const cell of cells) counts.set(bucketOf(cell), (counts.get(bucketOf(cell)) ?? 0) + 1);
  expect(counts.size).toBe(bucketCount);
  expect(Math.max(...counts.values())).toBeLessThan((4 * cells.length) / bucketCount);
});

test("a cell stays in its part whatever it holds", () => {
  const name = { record: "a", field: "b" };
  expect(bucketOf(create(CellSchema, { ...name, sum: 1n }))).toBe(bucketOf(name));
});

import type { Item } from "@foedus/kernel/sync/log.ts";
import { expect, test } from "vitest";
import { pushOf } from "../../../tests/support/synced.ts";
import { commitBytesMax, commitOpsMax, partsOf } from "./log.store.ts";

const push = (ops: number, bytes = 1): Item =>
  pushOf(
    "r",
    1,
    Array.from({ length: ops }, () => new Uint8Array(bytes)),
  );
const sizes = (items: Item[]) => partsOf(items).map(({ length }) => length);

test("a transaction takes so many ops and so many bytes, and one item however large", () => {
  expect(sizes([push(commitOpsMax - 1), push(1), push(1)])).toEqual([2, 1]);
  expect(sizes([push(commitOpsMax + 1), push(1)])).toEqual([1, 1]);
  expect(sizes([push(1, commitBytesMax - 1), push(1), push(1)])).toEqual([2, 1]);
  expect(sizes([push(1, commitBytesMax + 1), push(1)])).toEqual([1, 1]);
  expect(sizes([])).toEqual([]);
});

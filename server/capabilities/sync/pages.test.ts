import { create } from "@bufbuild/protobuf";
import { EntrySchema, type Entry } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Pages } from "./pages.ts";

const digest = { cells: 1, sum: 7 };
const many = 1_000_000;

function entries(from: number, to: number, opBytes = 10): Entry[] {
  return Array.from({ length: to - from + 1 }, (_, at) => {
    return create(EntrySchema, { seq: from + at, op: new Uint8Array(opBytes) });
  });
}

function grew(pages: Pages, from: number, to: number, epoch = "e1", opBytes = 10): void {
  pages.grew("k", { epoch, after: from - 1, entries: entries(from, to, opBytes), digest });
}

const seqs = (held: ReturnType<Pages["find"]>) => held?.entries.map(({ seq }) => seq);

test("who follows closely is answered from what was committed", () => {
  const pages = new Pages();
  grew(pages, 5, 6);
  grew(pages, 7, 8);
  expect(seqs(pages.find("k", 4, many, many))).toEqual([5, 6, 7, 8]);
  expect(pages.find("k", 6, many, 1)).toMatchObject({ to: 7, digest: undefined });
  expect(pages.find("k", 7, many, many)).toMatchObject({ to: 8, digest });
  // Another process may have written more.
  expect(pages.find("k", 8, many, many)).toBeUndefined();
  expect(pages.find("k", 3, many, many)).toBeUndefined();
  expect(pages.find("k", 9, many, many)).toBeUndefined();
  expect(pages.find("other", 4, many, many)).toBeUndefined();
});

test("an answer has at least one place, and no more than both bounds let it", () => {
  const pages = new Pages();
  grew(pages, 1, 4);
  expect(seqs(pages.find("k", 0, 0, 0))).toEqual([1]);
  expect(seqs(pages.find("k", 0, 20, many))).toEqual([1, 2]);
  expect(seqs(pages.find("k", 0, 29, many))).toEqual([1, 2]);
  expect(seqs(pages.find("k", 0, many, 3))).toEqual([1, 2, 3]);
});

test("places of another process are missing, and so is what comes before them", () => {
  const pages = new Pages();
  grew(pages, 1, 2);
  grew(pages, 5, 6);
  expect(pages.find("k", 1, many, many)).toBeUndefined();
  expect(seqs(pages.find("k", 4, many, many))).toEqual([5, 6]);
  expect(pages.endOf("k")).toEqual({ epoch: "e1", head: 6 });
});

test("another life of a log leaves nothing of the one before", () => {
  const pages = new Pages();
  grew(pages, 1, 4);
  pages.read("k", { epoch: "e1", after: 0, entries: entries(1, 2) });
  pages.forget("k", "e1");
  expect(seqs(pages.find("k", 2, many, many))).toEqual([3, 4]);
  pages.forget("k", "e2");
  expect(pages.find("k", 0, many, many)).toBeUndefined();
  grew(pages, 1, 4);
  grew(pages, 1, 1, "e2");
  expect(pages.find("k", 0, many, many)).toMatchObject({ epoch: "e2", to: 1 });
});

test("a long log is held at its end only, and all logs together within a bound", () => {
  const pages = new Pages();
  const each = 500;
  for (let from = 1; from < 20_000; from += each) grew(pages, from, from + each - 1);
  expect(pages.find("k", 20_000 - each, many, many)).toMatchObject({ to: 20_000 });
  expect(pages.find("k", 10_000, many, many)).toBeUndefined();
  const mebibyte = 1_048_576;
  for (let stream = 0; stream < 100; stream++) {
    const growth = { epoch: "e", after: 0, entries: entries(1, 1, mebibyte), digest };
    pages.grew(`s${stream}`, growth);
  }
  const held = Array.from({ length: 100 }, (_, stream) => pages.endOf(`s${stream}`) !== undefined);
  expect(held.filter(Boolean).length).toBeLessThan(65);
  expect(held.at(-1)).toBe(true);
});

test("what was read for one who catches up serves the others, the newest longest", () => {
  const pages = new Pages();
  const mebibyte = 1_048_576;
  for (let after = 0; after < 30; after++) {
    pages.read("k", { epoch: "e", after, entries: entries(after + 1, after + 1, mebibyte) });
  }
  expect(pages.find("k", 0, many, many)).toBeUndefined();
  expect(seqs(pages.find("k", 29, many, many))).toEqual([30]);
  expect(pages.find("k", 30, many, many)).toBeUndefined();
});

test("who asks for the same gets the same answer, and the log's growth with it", () => {
  const pages = new Pages();
  grew(pages, 1, 4);
  const first = pages.find("k", 0, many, many);
  expect(pages.find("k", 0, 40, 4)).toBe(first);
  expect(seqs(pages.find("k", 0, 39, many))).toEqual([1, 2, 3]);
  expect(seqs(pages.find("k", 0, 40, 4))).toEqual([1, 2, 3, 4]);
  grew(pages, 5, 5);
  expect(seqs(pages.find("k", 0, many, many))).toEqual([1, 2, 3, 4, 5]);
  grew(pages, 6, 6, "e2");
  expect(pages.find("k", 0, many, many)).toBeUndefined();
});

test("an answer does not depend on who asked before", () => {
  const wish = fc.record({ after: fc.nat(12), bytesMax: fc.nat(100), opsMax: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 12 }), (wishes) => {
      const asked = new Pages();
      grew(asked, 1, 12);
      for (const { after, bytesMax, opsMax } of wishes) {
        const fresh = new Pages();
        grew(fresh, 1, 12);
        const answer = asked.find("k", after, bytesMax, opsMax);
        expect(answer).toEqual(fresh.find("k", after, bytesMax, opsMax));
      }
    }),
  );
});

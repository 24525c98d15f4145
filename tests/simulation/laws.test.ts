import { Kind } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotKey, dotOf } from "@foedus/kernel/sync/dot.ts";
import { cellKey, encodeOp, opOf } from "@foedus/kernel/sync/op.ts";
import { isHeld, latest, losers } from "@foedus/kernel/sync/value.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  emptyHeap,
  face,
  merged,
  took,
  type Heap,
  type Named,
} from "@foedus/kernel/simulation/heap.ts";

const kinds = {
  APPEND: Kind.APPEND,
  REG_LWW: Kind.REG_LWW,
  REG_MV: Kind.REG_MV,
  ORMAP: Kind.ORMAP,
  COUNTER: Kind.COUNTER,
  MAXREG: Kind.MAXREG,
};

/** What each of three replicas does: which record, put or remove, and whom it has heard before. */
const acts = fc.array(
  fc.record({
    replica: fc.nat(2),
    record: fc.nat(1),
    removes: fc.boolean(),
    hears: fc.option(fc.nat(2)),
    amount: fc.integer({ min: -9, max: 9 }),
    skewMs: fc.integer({ min: -50, max: 50 }),
  }),
  { maxLength: 10 },
);
type Act = (typeof acts extends fc.Arbitrary<infer T> ? T : never)[number];

/** The heaps of three replicas that act so, and hear of each other now and then. */
function history(kind: Kind, script: readonly Act[]): Heap[] {
  const heaps = [emptyHeap, emptyHeap, emptyHeap];
  const counts = [0, 0, 0];
  for (const [at, act] of script.entries()) {
    const heard = act.hears === null ? emptyHeap : (heaps[act.hears] ?? emptyHeap);
    const mine = merged(heaps[act.replica] ?? emptyHeap, heard);
    const ctr = next(counts, act.replica) + 1;
    heaps[act.replica] = took(mine, write(kind, act, ctr, at, mine));
  }
  return heaps;
}

function write(kind: Kind, act: Act, ctr: number, at: number, mine: Heap): Named {
  const record = kind === Kind.APPEND ? "" : `r${act.record}`;
  const held = mine.cells.get(cellKey({ record, field: "" }))?.siblings ?? [];
  const supersedes = held.flatMap(({ dot }) => dot ?? []);
  const removes = act.removes && supersedes.length > 0;
  const bytes = encodeOp({
    kind,
    record,
    removes,
    supersedes,
    amount: act.amount,
    hlcMs: at + act.skewMs,
  });
  return { dot: dotOf(`n${act.replica}`, ctr), bytes };
}

const everyKind = Object.entries(kinds);

test.each(everyKind)("%s: ops merge to the same in any order, however often", (_, kind) => {
  const shuffled = acts.chain((script) => {
    const ops = [...history(kind, script).reduce(merged).ops.values()];
    const twice = [...ops, ...ops];
    return fc.tuple(
      fc.constant(ops),
      fc.shuffledSubarray(twice, { minLength: twice.length, maxLength: twice.length }),
    );
  });
  fc.assert(
    fc.property(shuffled, ([ops, again]) => {
      expect(face(again.reduce(took, emptyHeap))).toEqual(face(ops.reduce(took, emptyHeap)));
    }),
    { numRuns: 300 },
  );
});

test.each(everyKind)("%s: merging is commutative, associative and idempotent", (_, kind) => {
  fc.assert(
    fc.property(acts, (script) => {
      const [a = emptyHeap, b = emptyHeap, c = emptyHeap] = history(kind, script);
      expect(face(merged(a, b))).toEqual(face(merged(b, a)));
      expect(face(merged(merged(a, b), c))).toEqual(face(merged(a, merged(b, c))));
      expect(face(merged(a, a))).toEqual(face(a));
    }),
    { numRuns: 300 },
  );
});

test("values are those that no other op supersedes", () => {
  fc.assert(
    fc.property(acts, (script) => {
      const all = history(Kind.REG_MV, script).reduce(merged);
      const cells = [...all.cells.values()];
      const held = cells.flatMap(({ siblings }) => siblings.flatMap(({ dot }) => dot ?? []));
      expect(held.map(dotKey).toSorted()).toEqual(maximal(all));
      expect(cells.flatMap(({ pending }) => pending)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

function maximal(heap: Heap): string[] {
  const ops = [...heap.ops.values()];
  const gone = new Set(ops.flatMap(({ bytes }) => opOf(bytes).supersedes.map(dotKey)));
  const puts = ops.filter(({ bytes }) => !opOf(bytes).removes).map(({ dot }) => dotKey(dot));
  return puts.filter((key) => !gone.has(key)).toSorted();
}

/** All orders in which three replicas' scripts of three can be interleaved: 1,680. */
function interleavings(left: readonly number[], so: readonly number[] = []): number[][] {
  if (left.every((count) => count === 0)) return [[...so]];
  return left.flatMap((count, at) =>
    count === 0
      ? []
      : interleavings(
          left.map((each, other) => (other === at ? each - 1 : each)),
          [...so, at],
        ),
  );
}

const threeOfThree = interleavings([3, 3, 3]);

test.each(everyKind)(
  "%s: all interleavings of three replicas with three ops converge",
  (_, kind) => {
    expect(threeOfThree).toHaveLength(1680);
    const act = (replica: number, at: number): Act => ({
      replica,
      record: 0,
      removes: at === 1,
      hears: at === 2 ? (replica + 1) % 3 : null,
      amount: replica + at,
      skewMs: 0,
    });
    for (const order of threeOfThree) {
      const counts = [0, 0, 0];
      const script = order.map((replica) => act(replica, next(counts, replica)));
      const heaps = history(kind, script);
      const [a = emptyHeap, b = emptyHeap, c = emptyHeap] = heaps;
      const want = face(heaps.reduce(merged));
      expect(face(merged(c, merged(b, a)))).toEqual(want);
      const backwards = [...heaps.reduce(merged).ops.values()].toReversed();
      expect(face(backwards.reduce(took, emptyHeap))).toEqual(want);
    }
  },
);

function next(counts: number[], at: number): number {
  const count = counts[at] ?? 0;
  counts[at] = count + 1;
  return count;
}

test("of concurrent values the latest is shown, and the others are its losers", () => {
  const put = (replica: string, hlcMs: number) => ({
    dot: dotOf(replica, 1),
    bytes: encodeOp({ kind: Kind.REG_LWW, record: "r", hlcMs }),
  });
  const heap = [put("a", 5), put("b", 9), put("c", 9)].reduce(took, emptyHeap);
  const [cell] = heap.cells.values();
  if (cell === undefined) throw new Error("no cell");
  expect(latest(cell)?.dot?.replica).toBe("c");
  expect(losers(cell).map(({ dot }) => dot?.replica)).toEqual(["b", "a"]);
});

test("who updates wins over who removes at the same time", () => {
  const add = {
    dot: dotOf("a", 1),
    bytes: encodeOp({ kind: Kind.ORMAP, record: "s", field: "x" }),
  };
  const sees = { kind: Kind.ORMAP, record: "s", field: "x", supersedes: [add.dot] };
  const removes = { dot: dotOf("b", 1), bytes: encodeOp({ ...sees, removes: true }) };
  const updates = { dot: dotOf("c", 1), bytes: encodeOp(sees) };
  const held = (ops: Named[]) => {
    const [cell] = ops.reduce(took, emptyHeap).cells.values();
    return cell !== undefined && isHeld(cell);
  };
  expect(held([add, removes])).toBe(false);
  expect(held([removes, add])).toBe(false);
  expect(held([add, removes, updates])).toBe(true);
  expect(held([updates, removes, add])).toBe(true);
});

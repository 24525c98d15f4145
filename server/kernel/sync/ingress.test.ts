import { Kind, Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { emptyCell, written } from "./cell.ts";
import { dotOf } from "./dot.ts";
import { clashOf, refusalOf } from "./ingress.ts";
import { defaultLimits } from "./limits.ts";
import {
  amountMax,
  bodyBytesMax,
  encodeOp,
  nameUnitsMax,
  opOf,
  replicaUnitsMax,
  sumMax,
  supersedesMax,
} from "./op.ts";
import type { Wish } from "./spoke.state.ts";

const nowMs = 1_800_000_000_000;
const { aheadMsMax, siblingsMax } = defaultLimits;

function refused(wish: Wish & { hlcMs?: number }): string {
  return Refusal[refusalOf(encodeOp({ record: "r", ...wish }), defaultLimits, nowMs)];
}

test("a kind that is not known is refused", () => {
  expect(refused({ kind: Kind.REG_LWW })).toBe("UNSPECIFIED");
  expect(refused({ kind: 99 as Kind })).toBe("KIND_UNKNOWN");
  expect(refused({})).toBe("KIND_UNKNOWN");
});

test("bytes that are no op are refused", () => {
  const bytes = new Uint8Array([255, 1, 2]);
  expect(refusalOf(bytes, defaultLimits, nowMs)).toBe(Refusal.MALFORMED);
});

test("a value has a largest size", () => {
  const op = (length: number) => ({ kind: Kind.REG_LWW, body: new Uint8Array(length) });
  expect(refused(op(bodyBytesMax))).toBe("UNSPECIFIED");
  expect(refused(op(bodyBytesMax + 1))).toBe("TOO_LARGE");
  expect(refused(op(defaultLimits.opBytesMax))).toBe("TOO_LARGE");
});

test("an op may supersede so many values and no more", () => {
  const op = (count: number) => ({
    kind: Kind.REG_MV,
    supersedes: Array.from({ length: count }, (_, at) => dotOf("n", at + 1)),
  });
  expect(refused(op(supersedesMax))).toBe("UNSPECIFIED");
  expect(refused(op(supersedesMax + 1))).toBe("MALFORMED");
});

test("names have a largest size, and hold nothing that keys are made with", () => {
  const named = (record: string, field = "") => refused({ kind: Kind.REG_LWW, record, field });
  expect(named("é".repeat(nameUnitsMax))).toBe("UNSPECIFIED");
  expect(named("é".repeat(nameUnitsMax + 1))).toBe("TOO_LARGE");
  expect(named("r", "f".repeat(nameUnitsMax + 1))).toBe("TOO_LARGE");
  expect(named("a\u0000b")).toBe("MALFORMED");
  expect(named("a", "\uffff")).toBe("MALFORMED");
});

test("what an op supersedes has a name", () => {
  const over = (replica: string, ctr = 1) =>
    refused({ kind: Kind.REG_MV, supersedes: [dotOf(replica, ctr)] });
  expect(over("n".repeat(replicaUnitsMax))).toBe("UNSPECIFIED");
  expect(over("n".repeat(replicaUnitsMax + 1))).toBe("MALFORMED");
  expect([over(""), over("n", 0), over("a\u0000")]).toEqual(Array(3).fill("MALFORMED"));
});

test("a clock may be so far ahead and no further, and as far behind as it likes", () => {
  const at = (hlcMs: number) => refused({ kind: Kind.REG_LWW, hlcMs });
  expect(at(nowMs + aheadMsMax)).toBe("UNSPECIFIED");
  expect(at(nowMs + aheadMsMax + 1)).toBe("CLOCK_AHEAD");
  expect(at(Number.NaN)).toBe("CLOCK_AHEAD");
  expect(at(0)).toBe("UNSPECIFIED");
});

test("what is added is a whole number that sums stay exact with", () => {
  const add = (amount: number) => refused({ kind: Kind.COUNTER, amount });
  expect(add(amountMax)).toBe("UNSPECIFIED");
  expect(add(-amountMax - 1)).toBe("MALFORMED");
  expect(add(0.5)).toBe("MALFORMED");
  expect(refused({ kind: Kind.MAXREG, amount: 0.5 })).toBe("UNSPECIFIED");
  expect(refused({ kind: Kind.MAXREG, amount: Number.NaN })).toBe("MALFORMED");
});

/** A field with so many concurrent values. */
function fieldWith(count: number) {
  return Array.from({ length: count }).reduce<ReturnType<typeof emptyCell>>(
    (cell, _, at) => {
      const bytes = encodeOp({ kind: Kind.REG_MV, record: "r" });
      return written(cell, { dot: dotOf(`n${at}`, 1), bytes, unseen: [] });
    },
    emptyCell("r", ""),
  );
}

const clash = (wish: Wish, cell: ReturnType<typeof emptyCell>) =>
  Refusal[clashOf(opOf(encodeOp(wish)), cell, defaultLimits)];

test("a field takes so many concurrent values; who resolves some may add one", () => {
  const put = { kind: Kind.REG_MV };
  expect(clash(put, fieldWith(siblingsMax - 1))).toBe("UNSPECIFIED");
  expect(clash(put, fieldWith(siblingsMax))).toBe("SIBLINGS_MAX");
  const resolves = { ...put, supersedes: [dotOf("n0", 1)] };
  expect(clash(resolves, fieldWith(siblingsMax))).toBe("UNSPECIFIED");
});

test("a counter goes so far from zero and no further, and may come back", () => {
  const add = (sum: bigint, amount: number) =>
    clash({ kind: Kind.COUNTER, amount }, { ...emptyCell("r", ""), sum });
  expect(add(sumMax - 1n, 1)).toBe("UNSPECIFIED");
  expect(add(sumMax, 1)).toBe("SUM_MAX");
  expect(add(sumMax, -1)).toBe("UNSPECIFIED");
  expect(add(sumMax + 5n, -1)).toBe("UNSPECIFIED");
  expect(add(-sumMax + 1n, -1)).toBe("UNSPECIFIED");
  expect(add(-sumMax, -1)).toBe("SUM_MAX");
});

test("what hubs add apart goes round at 64 bits, as it is stored, in whichever order", () => {
  const bytes = encodeOp({ kind: Kind.COUNTER, record: "r", amount: amountMax });
  const far = { ...emptyCell("r", ""), sum: 2n ** 63n - 1n };
  const { sum } = written(far, { dot: dotOf("n", 1), bytes, unseen: [] });
  expect(sum).toBe(-(2n ** 63n) + BigInt(amountMax) - 1n);
});

test("a field keeps its kind", () => {
  expect(clash({ kind: Kind.REG_LWW }, fieldWith(1))).toBe("KIND_CLASH");
  expect(clash({ kind: Kind.COUNTER }, fieldWith(1))).toBe("KIND_CLASH");
  expect(clash({ kind: Kind.REG_LWW }, fieldWith(0))).toBe("UNSPECIFIED");
});

import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { LinkOfferSchema } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { agree, isDuplicate, nextReportMs, open } from "./link.ts";

const own = {
  protocolMin: 2,
  protocolMax: 4,
  software: "foedus/1",
  capabilities: ["b", "c", "d"],
};

function offer(protocolMin: number, protocolMax: number, capabilities: string[] = []) {
  return create(LinkOfferSchema, { protocolMin, protocolMax, software: "sdk/1", capabilities });
}

/** Whom the refusal of an offer asks to upgrade. */
function upgradeOf(given: ReturnType<typeof offer>): string | undefined {
  try {
    agree(own, given, "web");
  } catch (error) {
    if (error instanceof Fault) return error.facts.upgrade;
  }
  return undefined;
}

test.each([
  [1, 2, 2],
  [3, 3, 3],
  [4, 9, 4],
  [1, 9, 4],
])("of %i to %i and 2 to 4 the newest common one is %i", (min, max, agreed) => {
  expect(agree(own, offer(min, max), "n").protocol).toBe(agreed);
});

test("no common protocol: the fault tells both ranges, and who is to be upgraded", () => {
  expect(() => agree(own, offer(1, 1), "web")).toThrow(
    "node web speaks protocols 1 to 1, the hub 2 to 4",
  );
  expect(upgradeOf(offer(1, 1))).toBe("node web");
  expect(upgradeOf(offer(5, 7))).toBe("the hub");
});

test("agreed is a protocol of both, or there is none", () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
  fc.assert(
    fc.property(range, range, ([a, b], [c, d]) => {
      const [min, max] = [Math.min(a, b), Math.max(a, b)];
      const hub = { ...own, protocolMin: Math.min(c, d), protocolMax: Math.max(c, d) };
      const common = Array.from({ length: 9 }, (_, at) => at + 1).filter(
        (one) => one >= min && one <= max && one >= hub.protocolMin && one <= hub.protocolMax,
      );
      const newest = common.at(-1);
      if (newest === undefined) expect(() => agree(hub, offer(min, max), "n")).toThrow("speaks");
      else expect(agree(hub, offer(min, max), "n").protocol).toBe(newest);
    }),
  );
});

test("what both can do comes sorted, once, and nothing that only one can do", () => {
  expect(agree(own, offer(2, 2, ["d", "a", "b", "b"]), "n").capabilities).toEqual(["b", "d"]);
});

test("opening again tells nothing, unless terms or program are others", () => {
  const web = { nodeId: "node_1", name: "web" };
  const first = open(undefined, web, offer(2, 3), own, 1_000);
  expect(first.facts).toHaveLength(1);
  const again = open(first.next, web, offer(2, 3), own, 2_000);
  expect(again.facts).toHaveLength(0);
  expect(again.next.openTime).toEqual(timestampFromMs(2_000));
  expect(open(first.next, web, offer(2, 4), own, 2_000).facts).toHaveLength(1);
  const upgraded = { ...offer(2, 3), software: "sdk/2" };
  expect(open(first.next, web, upgraded, own, 2_000).facts).toHaveLength(1);
  expect(open(first.next, web, offer(2, 3), { ...own, software: "x" }, 2_000).facts).toHaveLength(
    1,
  );
});

test("a report about a link that was never opened is refused; an overtaken one is known", () => {
  expect(() => isDuplicate({ opened: false, kept: false }, "n")).toThrow("not opened");
  expect(isDuplicate({ opened: true, kept: false }, "n")).toBe(true);
  expect(isDuplicate({ opened: true, kept: true }, "n")).toBe(false);
});

test("reports are due in half a minute, a tenth sooner or later", () => {
  for (const fraction of [0, 0.5, 0.999]) {
    const ms = nextReportMs({ fraction: () => fraction, bytes: (n) => new Uint8Array(n) });
    expect(Math.abs(Number(ms) - 30_000)).toBeLessThanOrEqual(3_000);
  }
});

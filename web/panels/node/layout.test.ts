import { expect, test } from "vitest";
import { boundsOf, type Detail, detailFor, measures, placeNodes, type Point } from "./layout.ts";

const ids = (count: number) =>
  Array.from({ length: count }, (_, index) => `node_${String(index).padStart(4, "0")}`);

test("a node that joins moves nobody", () => {
  for (const detail of ["card", "label", "dot"] satisfies Detail[]) {
    const before = placeNodes(ids(40), detail);
    const later = placeNodes(ids(900), detail);
    for (const [id, place] of before) expect(later.get(id)).toEqual(place);
  }
});

test("the order in which nodes are told does not matter", () => {
  expect(placeNodes(ids(9).toReversed(), "card").get("node_0003")).toEqual(
    placeNodes(ids(9), "card").get("node_0003"),
  );
});

test.each([
  ["card", 18],
  ["label", 60],
  ["dot", 1_000],
] as const)("no two %ss overlap, nor the hub, at %i nodes", (detail, count) => {
  const { width, height } = measures[detail];
  const places = [...placeNodes(ids(count), detail).values()];
  const boxes = places.map(({ x, y }) => ({ x, y, width, height }));
  const hub = { x: 0, y: 0, width: detail === "dot" ? 90 : 150, height: 84 };
  const all = [hub, ...boxes];
  const overlaps = all.flatMap((one, index) =>
    all
      .slice(index + 1)
      .filter(
        (other) =>
          Math.abs(one.x - other.x) < (one.width + other.width) / 2 &&
          Math.abs(one.y - other.y) < (one.height + other.height) / 2,
      ),
  );
  expect(overlaps).toEqual([]);
});

test("the links of the first twelve cards pass behind no other card", () => {
  const { width, height } = measures.card;
  const places = [...placeNodes(ids(12), "card").values()];
  const crossed = places.filter((end) =>
    places.some((card) => card !== end && isOnWay(card, end, width / 2, height / 2)),
  );
  expect(crossed).toEqual([]);
});

test("the bounds leave room for a tie that bows beyond every card", () => {
  const places = [...placeNodes(ids(2), "card").values()];
  const without = boundsOf(places, measures.card);
  const beyond = { x: 0, y: -without.height };
  expect(boundsOf(places, measures.card, [beyond]).height).toBeGreaterThan(2 * without.height);
  expect(boundsOf(places, measures.card, [beyond]).width).toBe(without.width);
});

test("three nodes stand as a balanced triangle", () => {
  const places = [...placeNodes(ids(3), "card").values()];
  const sum = places.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }));
  expect(Math.abs(sum.x) + Math.abs(sum.y)).toBeLessThan(1e-6);
});

test("detail falls as numbers grow, and the bounds hold everything", () => {
  expect([3, 18, 19, 60, 61, 1_000].map(detailFor)).toEqual([
    "card",
    "card",
    "label",
    "label",
    "dot",
    "dot",
  ]);
  const places = placeNodes(ids(18), "card");
  const bounds = boundsOf(places.values(), measures.card);
  expect(bounds.width).toBeGreaterThan(1_000);
});

const waySteps = 200;

/** Whether the straight way from the hub to an end meets the card at a place. */
function isOnWay(card: Point, end: Point, reachX: number, reachY: number): boolean {
  return Array.from({ length: waySteps }, (_, step) => step / waySteps).some(
    (part) => Math.abs(end.x * part - card.x) < reachX && Math.abs(end.y * part - card.y) < reachY,
  );
}

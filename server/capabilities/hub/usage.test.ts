import { expect, test } from "vitest";
import type { Use } from "./usage.ts";
import { inOrder, isTight, toTell, usageOf, visibleTo, warnedMs } from "./usage.ts";

const use = (used: number, rest: Partial<Use> = {}): Use => ({
  name: "connections_max",
  subject: "",
  used,
  max: 100,
  ...rest,
});

test("79 of 100 is no warning, 80 is one, with advice", () => {
  expect(usageOf(use(79))).toMatchObject({ warning: false, advice: "" });
  expect(usageOf(use(80))).toMatchObject({ warning: true, used: 80n, max: 100n });
  expect(usageOf(use(80)).advice).toMatch(/raise connections_max/);
});

test("of a limit that no fifth divides, the warning begins at the first above four fifths", () => {
  expect(isTight(use(5, { max: 7 }))).toBe(false);
  expect(isTight(use(6, { max: 7 }))).toBe(true);
});

test("what has no limit is never tight", () => {
  expect(isTight(use(1_000_000, { max: 0 }))).toBe(false);
});

test("days that are kept may all be there, and one more until it is dropped", () => {
  const kept = { name: "event_days", max: 7, isKept: true };
  expect([7, 8, 9].map((days) => isTight(use(days, kept)))).toEqual([false, false, true]);
});

test("advice names whom it is about", () => {
  const rate = use(90, { name: "publish_rate", subject: "spiffe://a/tenant/main/node/n" });
  expect(usageOf(rate).advice).toBe(
    "let spiffe://a/tenant/main/node/n ask less often: above publish_rate it has to wait; " +
      "or raise publish_rate",
  );
});

test("warnings come first, then names, then whoever uses most", () => {
  const told = inOrder(
    [
      use(1, { name: "b" }),
      use(2, { name: "a" }),
      use(90, { name: "z" }),
      use(3, { name: "a" }),
    ].map(usageOf),
  );
  expect(told.map(({ name, used }) => `${name}${used}`)).toEqual(["z90", "a3", "a2", "b1"]);
});

test("who is in another tenant is not told of, but to an operator", () => {
  const uses = [use(1), use(2, { tenant: "main" }), use(3, { tenant: "other" })];
  expect(visibleTo(uses, "main", false).map(({ used }) => used)).toEqual([1, 2]);
  expect(visibleTo(uses, "main", true)).toHaveLength(3);
});

test("a warning is logged once a window", () => {
  const told = new Map<string, number>();
  const [calm, tight] = [usageOf(use(79)), usageOf(use(80))];
  expect(toTell([calm], told, 0)).toEqual([]);
  expect(toTell([tight], told, 0)).toEqual([tight]);
  expect(toTell([tight], told, warnedMs - 1)).toEqual([]);
  expect(toTell([tight], told, warnedMs)).toEqual([tight]);
});

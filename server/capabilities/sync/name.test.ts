import fc from "fast-check";
import { expect, test } from "vitest";
import { keyOfName, nameOf, placeOfKey, rangeOf } from "./name.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(fc.constantFrom("a", "\uffff", "\u{1f600}", "\ue000", "\ud800", "\u00e9"))
    .map((units) => {
      return units.join("");
    }),
);

const sign = (order: number) => Math.sign(order);

test("names sort as the core compares keys, above U+FFFF too", () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const order = one < other ? -1 : one > other ? 1 : 0;
      expect(sign(Buffer.compare(nameOf(one), nameOf(other)))).toBe(order);
    }),
  );
  expect(Buffer.compare(nameOf("\u{1f600}"), nameOf("\uffff"))).toBe(-1);
});

test("a name is the key it was made of", () => {
  fc.assert(
    fc.property(text, (key) => {
      expect(keyOfName(nameOf(key))).toBe(key);
    }),
  );
});

test("the longest names fit an index", () => {
  const name = nameOf(`${"\uffff".repeat(256)}\u0000${"\uffff".repeat(256)}`);
  expect(name.length).toBeLessThan(2_000);
});

test("a record's fields lie in its range, and nobody else's", () => {
  const { from, to } = rangeOf("a");
  const isIn = (key: string) => {
    const name = nameOf(key);
    return Buffer.compare(name, from) >= 0 && Buffer.compare(name, to) < 0;
  };
  expect(["a\u0000", "a\u0000title", "a\u0000\uffff"].map(isIn)).toEqual([true, true, true]);
  expect(["a\u0001", "ab\u0000", "A\u0000"].map(isIn)).toEqual([false, false, false]);
  expect(placeOfKey("a\u0000title")).toEqual({ record: "a", field: "title" });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { sizeText } from "./bytes.ts";
import { clockText } from "./clock.ts";
import { durationMs } from "./duration.ts";
import { nearest, suggestion } from "./nearest.ts";
import { counted } from "./plural.ts";

test.each([
  ["90s", 90_000],
  ["15m", 900_000],
  ["15min", 900_000],
  ["1h30m", 5_400_000],
  [" 1 h 30 m ", 5_400_000],
  ["1.5h", 5_400_000],
  ["1D", 86_400_000],
  ["250ms", 250],
])("%s is %d ms", (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(["", "15", "m", "3w", "-5m", "1h or so", "1e3s", "9".repeat(30) + "d"])(
  "%s is no time",
  (text) => {
    expect(durationMs(text)).toBeUndefined();
  },
);

test.each([
  [0, "0 B"],
  [1_023, "1023 B"],
  [1_536, "1.5 KiB"],
  [131_072, "128 KiB"],
  [5 * 1024 ** 4, "5.0 TiB"],
  [5_000 * 1024 ** 4, "5000 TiB"],
])("%d bytes are %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test("an instant is a time of day in UTC", () => {
  expect(clockText(1_795_259_748_531)).toBe("11:15:48Z");
});

test("one is one, and none are many", () => {
  expect([0, 1, 2].map((count) => counted(count, "node"))).toEqual([
    "0 nodes",
    "1 node",
    "2 nodes",
  ]);
});

test("what somebody meant is near: a swap, a slip, a missing letter, a part", () => {
  const names = ["token", "node", "event", "TOKEN_USED", "TOKEN_EXPIRED", "explain"];
  expect(nearest("nod", names)).toEqual(["node"]);
  expect(nearest("tokne", names)).toEqual(["token"]);
  expect(nearest("TOKEN_USD", names)[0]).toBe("TOKEN_USED");
  expect(nearest("expired", names)).toEqual(["TOKEN_EXPIRED"]);
  expect(nearest("zebra", names)).toEqual([]);
  expect(suggestion("zebra", names)).toBe("");
  expect(suggestion("nod", names)).toBe("; did you mean node?");
});

test("a name is always nearest to itself", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{3,9}$/), { minLength: 1 }), (names) => {
      for (const name of names) expect(nearest(name, names)[0]).toBe(name);
    }),
  );
});

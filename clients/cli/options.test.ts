import { expect, test } from "vitest";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import {
  gather,
  readCount,
  readCursor,
  readLifetime,
  readMoment,
  readName,
  readRole,
  readSlug,
} from "./options.ts";

test("options are read as people write them", () => {
  expect(readLifetime("1h30m")).toBe(5_400_000);
  expect(readRole("Admin")).toBe(Role.ADMIN);
  expect(readCursor("#12")).toBe(12n);
  expect(readCursor("900719925474099300")).toBe(900_719_925_474_099_300n);
  expect(readName("web-1")).toBe("web-1");
  expect([readSlug("production"), readSlug("")]).toEqual(["production", ""]);
  expect(gather("b", gather("a"))).toEqual(["a", "b"]);
  expect(readCount("2000")).toBe(2_000n);
  expect(readMoment("15m")(1_000_000)).toBe(100_000);
  for (const text of ["1970-01-02", "1970-01-02T00:00Z", "1970-01-02T01:00:00.000+01:00"]) {
    expect([text, readMoment(text)(0)]).toEqual([text, 86_400_000]);
  }
});

test.each([
  ["a lifetime of a week", () => readLifetime("7d")],
  ["no lifetime at all", () => readLifetime("0s")],
  ["a lifetime without a unit", () => readLifetime("15")],
  ["a role nobody has", () => readRole("root")],
  ["a negative cursor", () => readCursor("-1")],
  ["a cursor with a fraction", () => readCursor("1.5")],
  ["a time that is only a number", () => readMoment("15")],
  ["a day that is none", () => readMoment("2026-13-45")],
  ["a time without a zone", () => readMoment("2026-11-21T09:30")],
  ["none at all", () => readCount("0")],
  ["a name in capitals", () => readName("Web")],
  ["a team of two words", () => readSlug("data science")],
  ["a name with an escape", () => readName("web\u001b[2J")],
])("%s is refused", (_, act) => {
  expect(act).toThrow(/is|are|admits/);
});

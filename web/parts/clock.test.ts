import { expect, test } from "vitest";
import { isoTime, localTime, newRequestId, withLocalTimes, zonedTime } from "./clock.ts";

test("an instant among the hub's words is told in the reader's calendar", () => {
  const at = "2026-11-21T16:39:12.687Z";
  const local = localTime(1_795_279_152_687, "full");
  expect(withLocalTimes(`no heartbeat since ${at}, and none before ${at}`)).toBe(
    `no heartbeat since ${local}, and none before ${local}`,
  );
  expect(withLocalTimes("version 2026-11-21 is no instant")).toBe(
    "version 2026-11-21 is no instant",
  );
});

test("an instant is told in the reader's zone and in the one all share", () => {
  const [here = "", there = ""] = zonedTime(0).split("\n");
  expect(here).toBe(localTime(0, "full"));
  expect(there).toMatch(/^01 Jan 1970, 00:00:00\.000 (?:UTC|GMT)$/u);
});

test("an instant beyond the calendar is its end, and breaks nothing", () => {
  expect(isoTime(8.64e15 + 1)).toBe("+275760-09-13T00:00:00.000Z");
  expect(isoTime(8.64e15)).toBe(isoTime(9e18));
  expect(isoTime(Number.NaN)).toBe("1970-01-01T00:00:00.000Z");
  expect(localTime(-9e18, "full")).toContain("271822");
});

test("an id for a decision says that it was made here, and is never the same twice", () => {
  const ids = Array.from({ length: 200 }, () => newRequestId());
  const shape = /^web-[0-9a-f]{32}$/u;
  expect(ids.filter((id) => !shape.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { ScheduleSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { expect, test } from "vitest";
import { instantOf } from "../time.ts";
import { allowance, nextAllowedMs } from "./rate.ts";
import { dueOf, nextTimeMs, timesAfter } from "./schedule.ts";

const at = (time: string) => instantOf(`2026-11-22T${time}Z`);
const hourly = create(ScheduleSchema, { cron: "0 * * * *", timeZone: "UTC" });

test("a time that comes is submitted, and the next one follows", () => {
  const due = dueOf(hourly, at("05:00:00"), at("05:00:01"), false);
  expect(due).toEqual({ submits: true, skipped: 0, problem: "", nextMs: at("06:00:00") });
});

test("a time that was missed is made up for once, as long as it is not too late", () => {
  const late = (now: string) => dueOf(hourly, at("05:00:00"), at(now), false);
  expect(late("05:05:00")).toMatchObject({ submits: true, nextMs: at("06:00:00") });
  expect(late("05:05:01")).toMatchObject({ submits: false, skipped: 1, problem: "too late" });
  expect(late("08:02:00")).toMatchObject({ submits: true, nextMs: at("09:00:00") });
  const patient = { ...hourly, catchUp: durationFromMs(4 * 3_600_000) };
  const several = dueOf(patient, at("05:00:00"), at("08:02:00"), false);
  expect(several).toMatchObject({ submits: true, skipped: 3, problem: "3 missed" });
});

test("a span to catch up is taken up to a week, to the millisecond", () => {
  const weekMs = 7 * 86_400_000;
  const times = (ms: number) => () => timesAfter({ ...hourly, catchUp: durationFromMs(ms) }, 0, 1);
  expect(times(0)).not.toThrow();
  expect(times(weekMs)).not.toThrow();
  expect(times(weekMs + 1)).toThrow("catch_up is from 0 to 7 days");
  expect(times(-1)).toThrow("catch_up is from 0 to 7 days");
});

test("while its last task goes on, a turn is skipped and counted, if it says so", () => {
  const skips = { ...hourly, skipIfRunning: true };
  const due = dueOf(skips, at("05:00:00"), at("05:00:01"), true);
  expect(due).toMatchObject({ submits: false, skipped: 1, nextMs: at("06:00:00") });
  expect(dueOf(hourly, at("05:00:00"), at("05:00:01"), true).submits).toBe(true);
});

test("a schedule has a next time or says by name why not", () => {
  expect(nextTimeMs(hourly, at("05:00:00"))).toBe(at("06:00:00"));
  expect(() => nextTimeMs({ ...hourly, cron: "0 0 31 2 *" }, 0)).toThrow("never comes");
  expect(() => nextTimeMs({ ...hourly, timeZone: "Nowhere" }, 0)).toThrow("not a time zone");
});

test("a rate lets a burst pass, and then one for each of its spaces", () => {
  const rate = { perMinute: 120, burst: 2 };
  const first = allowance(rate, 0, 10, 10_000);
  expect(first).toEqual({ allowed: 2, dueMs: 11_000 });
  expect(nextAllowedMs(rate, first.dueMs, 10_000)).toBe(10_500);
  expect(allowance(rate, first.dueMs, 10, 10_499).allowed).toBe(0);
  expect(allowance(rate, first.dueMs, 10, 10_500).allowed).toBe(1);
  expect(allowance({ perMinute: 30, burst: 0 }, 0, 10, 10_000).allowed).toBe(1);
});

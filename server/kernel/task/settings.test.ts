import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { QueueSettingsSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { expect, test } from "vitest";
import { rateMax } from "./limits.ts";
import { settingsWith } from "./settings.ts";

const known = create(QueueSettingsSchema, { depthMax: 7, weights: { a: 2 } });

test("fields that are named are set, and the others stay", () => {
  const wanted = create(QueueSettingsSchema, { paused: true, pauseReason: "audit", depthMax: 9 });
  const next = settingsWith(known, wanted, ["paused", "pause_reason"]);
  expect(next).toMatchObject({
    paused: true,
    pauseReason: "audit",
    depthMax: 7,
    weights: { a: 2 },
  });
  const on = settingsWith(next, create(QueueSettingsSchema), ["paused"]);
  expect(on).toMatchObject({ paused: false, pauseReason: "", depthMax: 7 });
  expect(known.paused).toBe(false);
});

test("a rate is taken up to what can be counted, and refused by name beyond", () => {
  const set = (rate: object) => () =>
    settingsWith(known, create(QueueSettingsSchema, { rate }), ["rate"]);
  expect(set({ perMinute: rateMax, burst: rateMax })).not.toThrow();
  expect(set({ perMinute: rateMax + 1 })).toThrow("rate.per_minute and rate.burst are at most");
  expect(set({ burst: 2 ** 32 - 1 })).toThrow("rate.per_minute and rate.burst are at most");
});

test("a field that is none is refused, and so are defaults that no task can have", () => {
  const wanted = create(QueueSettingsSchema, { timeouts: { heartbeat: durationFromMs(1) } });
  expect(() => settingsWith(known, wanted, ["pauesd"])).toThrow("there is no field pauesd");
  expect(() => settingsWith(undefined, wanted, ["timeouts"])).toThrow("heartbeat");
});

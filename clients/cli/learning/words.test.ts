import { create } from "@bufbuild/protobuf";
import { KeepingSchema } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { expect, test } from "vitest";
import { keptText } from "./words.ts";

const hourMs = 3_600_000n;

test("what is kept is told step by step", () => {
  const steps = [
    [24n * hourMs, 0n],
    [30n * 24n * hourMs, hourMs],
    [365n * 24n * hourMs, 24n * hourMs],
  ];
  const kept = steps.map(([upToMs, everyMs]) => create(KeepingSchema, { upToMs, everyMs }));
  expect(keptText(kept)).toBe(
    "every cycle for 24 h, then one an hour up to 30 d, then one a day up to 365 d",
  );
});

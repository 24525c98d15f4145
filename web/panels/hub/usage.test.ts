import { create } from "@bufbuild/protobuf";
import { LimitUsageSchema } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { expect, test } from "vitest";
import { partOf, usageText } from "./usage.ts";

const usage = (name: string, used: bigint, max: bigint) =>
  create(LimitUsageSchema, { name, used, max });

test("a limit is told in the unit its name ends in", () => {
  expect(usageText(usage("body_bytes", 1_024n, 4_096n))).toBe("1 KiB of 4 KiB");
  expect(usageText(usage("nodes", 1_200n, 5_000n))).toBe("1,200 of 5,000");
});

test("what has no limit has no part, and what is over it fills the bar and no more", () => {
  expect(partOf(usage("database_bytes", 7n, 0n))).toBeUndefined();
  expect(usageText(usage("database_bytes", 2_048n, 0n))).toBe("2 KiB");
  expect(partOf(usage("nodes", 12n, 10n))).toBe(1);
});

import { create } from "@bufbuild/protobuf";
import { LimitUsageSchema } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { expect, test } from "vitest";
import { groupsOf, partOf, usageText } from "./usage.ts";

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

test("of each limit the tightest is told, and how many others there are", () => {
  const groups = groupsOf([
    usage("rate", 3n, 600n),
    usage("disk_bytes", 1n, 2n),
    usage("rate", 9n, 600n),
    usage("rate", 6n, 600n),
  ]);
  expect(groups.map(({ tightest, others }) => [tightest.name, tightest.used, others])).toEqual([
    ["rate", 9n, 2],
    ["disk_bytes", 1n, 0],
  ]);
});

import { create } from "@bufbuild/protobuf";
import { BreakerState, LinkSchema } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { expect, test } from "vitest";
import { breakerWord, sortLinks, trendOf } from "./breaker.ts";

const link = (nodeName: string, mean?: bigint, trend?: bigint) =>
  create(LinkSchema, {
    nodeName,
    ...(mean !== undefined && { roundTripMeanUs: mean }),
    ...(trend !== undefined && { roundTripTrendUs: trend }),
  });

test("a longer round trip is slower, and a twentieth of it is noise", () => {
  expect(trendOf(link("a", 1_000n, 51n))?.word).toBe("slower");
  expect(trendOf(link("a", 1_000n, 50n))?.word).toBe("steady");
  expect(trendOf(link("a", 1_000n, -51n))?.word).toBe("faster");
  expect(trendOf(link("a", 1_000n))).toBeUndefined();
});

test("a link that was never measured comes last, however it is sorted", () => {
  const links = [link("never"), link("slow", 9n), link("quick", 1n)];
  const names = (descending: boolean) =>
    sortLinks(links, "latency", descending).map(({ nodeName }) => nodeName);
  expect(names(false)).toEqual(["quick", "slow", "never"]);
  expect(names(true)).toEqual(["slow", "quick", "never"]);
});

test("a breaker is told in a word", () => {
  expect(breakerWord(BreakerState.HALF_OPEN)).toBe("half open");
  expect(breakerWord(BreakerState.UNSPECIFIED)).toBe("unknown");
});

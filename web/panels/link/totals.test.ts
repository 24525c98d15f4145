import { create } from "@bufbuild/protobuf";
import { BreakerState, LinkSchema } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { expect, test } from "vitest";
import { totalsOf } from "./totals.ts";

const link = (of: { live?: boolean; us?: bigint; errors?: bigint; breaker?: BreakerState }) =>
  create(LinkSchema, {
    live: of.live ?? true,
    breaker: of.breaker ?? BreakerState.CLOSED,
    ...(of.us !== undefined && { roundTripMeanUs: of.us }),
    ...(of.errors !== undefined && { counts: { errors: of.errors } }),
  });

test("the links are added up: who is away, what is broken, what failed, how fast half are", () => {
  const links = [
    link({ us: 900n, errors: 2n }),
    link({ us: 100n, live: false }),
    link({ us: 300n, errors: 5n, breaker: BreakerState.OPEN }),
    link({ breaker: BreakerState.HALF_OPEN }),
  ];
  expect(totalsOf(links)).toEqual({ away: 1, broken: 2, errors: 7n, medianUs: 300n });
});

test("of two the faster is the median, and of none nothing is", () => {
  expect(totalsOf([link({ us: 8n }), link({ us: 4n })]).medianUs).toBe(4n);
  expect(totalsOf([link({})]).medianUs).toBeUndefined();
});

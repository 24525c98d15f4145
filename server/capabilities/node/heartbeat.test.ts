import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { HeartbeatRequestSchema } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Known } from "./heartbeat.ts";
import { isDuplicate, nextMs, skewOf } from "./heartbeat.ts";

const receivedMs = 1_795_000_000_000;

function beat(rest: { epoch?: bigint; sentMs?: number; roundTripUs?: bigint } = {}) {
  const sentMs = BigInt(rest.sentMs ?? receivedMs);
  return create(HeartbeatRequestSchema, { epoch: 5n, sequence: 1n, ...rest, sentMs });
}

test("a clock ahead of the hub's has a positive skew, one behind a negative one", () => {
  const roundTripUs = 20_000n;
  const sent = (ms: number) => beat({ sentMs: receivedMs + ms, roundTripUs });
  // It takes 10 ms to the hub: sent 10 ms before it was received is exactly on time.
  expect(skewOf(sent(-10), receivedMs)).toBe(0n);
  expect(skewOf(sent(-10 + 250), receivedMs)).toBe(250n);
  expect(skewOf(sent(-10 - 250), receivedMs)).toBe(-250n);
});

test("without a measured round trip there is no skew", () => {
  expect(skewOf(beat(), receivedMs)).toBeUndefined();
  expect(skewOf(beat({ roundTripUs: -1n }), receivedMs)).toBeUndefined();
});

test("the wildest clock gives a number that can be stored", () => {
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(int64, int64, (sentMs, roundTripUs) => {
      const request = create(HeartbeatRequestSchema, { sentMs, roundTripUs });
      const skew = skewOf(request, receivedMs) ?? 0n;
      expect(BigInt.asIntN(64, skew)).toBe(skew);
    }),
  );
});

test("the next heartbeat is spread by a tenth to either side", () => {
  const at = (fraction: number) =>
    nextMs(5_000, { fraction: () => fraction, bytes: () => new Uint8Array() });
  expect([at(0), at(0.5), at(1)]).toEqual([4_500n, 5_000n, 5_500n]);
});

test("an older epoch is refused, a known or overtaken heartbeat is a duplicate", () => {
  const known = (rest: Partial<Known>): Known => ({
    state: NodeState.ONLINE,
    epoch: 5n,
    kept: false,
    ...rest,
  });
  expect(isDuplicate(known({ kept: true }), beat(), "n")).toBe(false);
  expect(isDuplicate(known({}), beat(), "n")).toBe(true);
  const reasonOf = (of: Known, epoch: bigint) => {
    try {
      return isDuplicate(of, beat({ epoch }), "n");
    } catch (error) {
      return error instanceof Fault ? error.reason : error;
    }
  };
  expect(reasonOf(known({}), 4n)).toBe(Reason.HEARTBEAT_EPOCH_OLD);
  expect(reasonOf(known({ state: undefined }), 5n)).toBe(Reason.NODE_NOT_REGISTERED);
  expect(reasonOf(known({ state: NodeState.RETIRED }), 5n)).toBe(Reason.NODE_RETIRED);
});

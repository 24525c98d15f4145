import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { framed } from "@foedus/kernel/sync/frame.ts";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import { Inflow, streamsMax } from "./inflow.ts";

const tenant = tenantProved("main");

/** What is thrown when a peer opens as many streams. */
function opening(peer: "REPLICA" | "CHILD", count: number): unknown {
  const inflow = new Inflow({ peer, tenant, replica: "", writes: true }, limits);
  try {
    for (let index = 0; index < count; index += 1) {
      const stream = create(StreamSchema, { collection: `c${index}`, zone: "world", lane: 1 });
      inflow.taken(framed({ case: "hello", value: { stream } }));
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

test("a replica opens as many streams as a session takes, and not one more", () => {
  expect(opening("REPLICA", streamsMax)).toBeUndefined();
  expect(opening("REPLICA", streamsMax + 1)).toMatchObject({ reason: Reason.SYNC_STREAMS_MAX });
});

test("a hub brings however many streams there are", () => {
  expect(opening("CHILD", streamsMax * 2)).toBeUndefined();
});

test("a hub that may only look brings nothing", () => {
  const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
  const batch = framed({ case: "batch", value: { stream } });
  const taken = (writes: boolean) => () =>
    new Inflow({ peer: "CHILD", tenant, replica: "", writes }, limits).taken(batch);
  expect(taken(true)).not.toThrow();
  expect(taken(false)).toThrow(Fault);
});

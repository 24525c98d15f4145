import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { EntrySchema, Kind, Slot, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { OpSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { framed } from "@foedus/kernel/sync/frame.ts";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import { encodeOp } from "@foedus/kernel/sync/op.ts";
import { packed } from "@foedus/kernel/sync/pack.ts";
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

interface Brought {
  readonly hub?: string;
  readonly ctr?: number;
  readonly replica?: string;
  readonly op?: MessageInitShape<typeof OpSchema>;
  readonly bytes?: Uint8Array;
}

/** Why a hub's batch of one place is not taken. */
function relaying({ hub = "eu-1", ctr = 1, replica = "r", op, bytes }: Brought): unknown {
  const inflow = new Inflow({ peer: "CHILD", tenant, replica: "", writes: true }, limits);
  const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
  const whole = bytes ?? encodeOp({ kind: Kind.COUNTER, record: "n", amount: 1, ...op });
  const names = { stamp: { hub, ctr }, dot: { replica, ctr: 1 } };
  const entries = [create(EntrySchema, { seq: 7, slot: Slot.EFFECT, op: whole, ...names })];
  try {
    inflow.taken(
      packed(framed({ case: "batch", value: { stream, seqFrom: 6, seqTo: 7, entries } })),
    );
    return "taken";
  } catch (error) {
    return error instanceof Fault ? error.facts["detail"] : error;
  }
}

test("a hub brings names as long as there are, and no longer ones", () => {
  expect(relaying({ hub: "h".repeat(64), replica: "r".repeat(64) })).toBe("taken");
  expect(relaying({ op: { record: "x".repeat(256), field: "y".repeat(256) } })).toBe("taken");
  const unfair = "place 7 with no fair name";
  expect(relaying({ hub: "h".repeat(65) })).toBe(unfair);
  expect(relaying({ replica: "r".repeat(65) })).toBe(unfair);
  expect(relaying({ hub: "" })).not.toBe("taken");
  expect(relaying({ ctr: 0 })).not.toBe("taken");
  expect(relaying({ op: { record: "x".repeat(257) } })).toBe("place 7 names no fair field");
  expect(relaying({ op: { field: "y".repeat(257) } })).toBe("place 7 names no fair field");
});

test("a hub brings no name that a table has no room for, and nothing that cannot be added", () => {
  expect(relaying({ replica: "r\u0000" })).toBe("place 7 with no fair name");
  expect(relaying({ hub: "h\uffff" })).toBe("place 7 with no fair name");
  expect(relaying({ op: { record: "x\u0000y" } })).toBe("place 7 names no fair field");
  const supersedes = [{ replica: "r\u0000", ctr: 1 }];
  expect(relaying({ op: { supersedes } })).toBe("place 7 names no fair field");
  expect(relaying({ op: { amount: 0.5 } })).toBe("place 7 adds no fair amount");
  expect(relaying({ bytes: new Uint8Array([255]) })).toBe("place 7 holds no op");
  const large = new Uint8Array(limits.opBytesMax + 1);
  expect(relaying({ bytes: large })).toBe("place 7 holds too large an op");
});

test("a hub that may only look brings nothing", () => {
  const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
  const batch = framed({ case: "batch", value: { stream } });
  const taken = (writes: boolean) => () =>
    new Inflow({ peer: "CHILD", tenant, replica: "", writes }, limits).taken(batch);
  expect(taken(true)).not.toThrow();
  expect(taken(false)).toThrow(Fault);
});

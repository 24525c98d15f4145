import { create, type DescService } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { NeedsSchema, PayloadSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { WorkerSchema, WorkerStatusSchema } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { lineOf } from "@foedus/kernel/task/line.ts";
import { TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { completeSpec } from "@foedus/kernel/task/spec.ts";
import { submitted } from "@foedus/kernel/task/submit.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import type { Mate } from "./crew.flow.ts";
import { silentLog } from "../../../tests/support/storage.ts";
import type { Calls } from "../../runtime/calls.ts";
import { callOff, groupsOf, offerOf } from "./relay.flow.ts";
import { batchesOf } from "./relay.report.loop.ts";
import type { RelayedNow } from "./relay.store.ts";
import { unfitLines } from "./relay.up.flow.ts";

const tenant = tenantProved("main");

/** A worker that offers this, on a node that says that. */
function mate(name: string, capabilities: string[], labels: Record<string, string> = {}): Mate {
  const times = { sinceMs: 0, seenMs: 0, completed: 0, failed: 0, isDraining: false };
  return {
    tenant,
    node: { nodeId: `node_${name}`, name, labels },
    worker: create(WorkerSchema, { name, queue: "q", capabilities, concurrency: 4 }),
    holds: new Map(),
    free: () => 4,
    line: undefined,
    ...times,
  };
}

test("workers that can do the same are one worker of the parent; no other is made up of parts", () => {
  const mates = [mate("a", ["ocr"]), mate("b", ["gpu"]), mate("c", ["ocr"])];
  const groups = groupsOf("left.example", "q", mates);
  const words = groups.map(({ worker }) => [worker.capabilities, worker.concurrency]);
  expect(words).toHaveLength(2);
  expect(words).toContainEqual([["ocr"], 8]);
  expect(words).toContainEqual([["gpu"], 4]);
  const again = groupsOf("left.example", "q", mates.toReversed());
  expect(again.map(({ worker }) => worker.name)).toEqual(groups.map(({ worker }) => worker.name));
});

test("what a node's profile says goes up as its worker's own words", () => {
  const [group] = groupsOf("left.example", "q", [mate("a", [], { team: "blue" })]);
  expect(group?.worker.labels).toEqual({ team: "blue" });
});

test("eight sorts of a queue are offered; the ninth stays at home, and it is known whose it is", () => {
  const many = Array.from({ length: 9 }, (_, at) => mate(`m${at}`, [`c${at}`]));
  const offer = (mates: Mate[]) => offerOf([groupsOf("left.example", "q", mates)]);
  expect(offer(many.slice(1))).toMatchObject({ offered: { length: 8 }, kept: [] });
  expect(offer(many)).toMatchObject({ offered: { length: 8 }, kept: { length: 1 } });
});

test("24 sorts of all queues are offered, and of each queue one before two of any", () => {
  const queue = (name: string, count: number) => {
    const mates = Array.from({ length: count }, (_, at) => mate(`${name}${at}`, [`c${at}`]));
    return groupsOf("left.example", name, mates);
  };
  const three = ["a", "b", "c"].map((name) => queue(name, 8));
  expect(offerOf(three)).toMatchObject({ offered: { length: 24 }, kept: [] });
  const { offered, kept } = offerOf([...three, queue("d", 2)]);
  expect(offered).toHaveLength(24);
  expect(kept).toHaveLength(2);
  expect(offered.filter(({ mates }) => mates[0]?.node.name.startsWith("d"))).toHaveLength(2);
});

test("what cannot be called off now is called off again; what is over is as good as off", async () => {
  const callOffWith = async (error: Error) => {
    const cancelTask = () => {
      throw error;
    };
    const client: unknown = { cancelTask };
    const calls: Calls = { as: <Desc extends DescService>() => client as Client<Desc> };
    await callOff({ hub: { calls, log: silentLog } }, tenant, { id: "task_1", fence: 1 }, "why");
  };
  const over = [Reason.NOT_FOUND, Reason.TASK_ENDED, Reason.REQUEST_ID_REUSED];
  for (const reason of over) await callOffWith(new Fault(reason, {}));
  for (const reason of [Reason.INTERNAL, Reason.SHED, Reason.NOT_ALLOWED]) {
    await expect(callOffWith(new Fault(reason, {}))).rejects.toMatchObject({ reason });
  }
  await expect(callOffWith(new Error("gone"))).rejects.toThrow("gone");
});

test("what nobody present can do goes up, and never what is one node's", () => {
  const gpu = create(NeedsSchema, { capabilities: ["gpu"] });
  const own = create(NeedsSchema, { nodeId: "node_x" });
  const lines = [gpu, own, undefined].map((needs) => lineOf({ queue: "q", kind: "k", needs }));
  const worker = create(WorkerSchema, { name: "w", queue: "q", concurrency: 1 });
  const status = create(WorkerStatusSchema, { worker, nodeId: "node_1" });
  const unfit = (...all: (typeof status)[]) => unfitLines(lines, all).map(({ id }) => id);
  expect(unfit(status)).toEqual([lines[0]?.id]);
  expect(unfit({ ...status, draining: true })).toEqual([lines[0]?.id, lines[2]?.id]);
});

test("results that are told together stay below what a hub reads, and each of them is told", () => {
  const spec = completeSpec(create(TaskSpecSchema, { queue: "q", kind: "k" }), undefined, 0);
  const row = (kib: number): RelayedNow => {
    const live = submitted({ id: "task_1", spec, submitter: "parent/u", blockers: 0 }, 0);
    const result = create(PayloadSchema, { body: new Uint8Array(kib * 1_024) });
    const ended = { ...live, standing: { ...live.standing, result } };
    const stored = { tenant, queue: "q", line: "", spec, scheduleId: "", followed: false };
    const held = { upperId: "task_u", fence: 1, id: "task_1", queue: "q", heartbeatMs: 1_000 };
    const now = { progress: undefined, spent: 0, isGone: false };
    return { ...held, ...now, ended: { ...stored, live: ended } };
  };
  const sizes = (...kib: number[]) => batchesOf(kib.map(row)).map(({ length }) => length);
  expect(sizes()).toEqual([]);
  expect(sizes(256, 256)).toEqual([2]);
  expect(sizes(256, 256, 1)).toEqual([2, 1]);
  expect(sizes(600, 0)).toEqual([1, 1]);
  expect(sizes(...Array.from({ length: 257 }, () => 0))).toEqual([256, 1]);
});

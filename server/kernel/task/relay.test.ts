import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  BudgetSchema,
  CancellationSchema,
  FailureSchema,
  PayloadSchema,
  TaskSchema,
  TaskSpecSchema,
  TaskState,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, test } from "vitest";
import { Fault } from "../fault.ts";
import { retried } from "./decide.ts";
import { claimed, heard, type Said } from "./hold.ts";
import {
  failureOf,
  handedName,
  isFromAbove,
  isHanded,
  noWorker,
  specAbove,
  specBelow,
  startMs,
  submitterAbove,
  upperOf,
  wordAbove,
  wordBelow,
} from "./relay.ts";
import { completeSpec } from "./spec.ts";
import type { Live, Moved } from "./standing.ts";
import { submitted } from "./submit.ts";
import { woken } from "./wake.ts";

const nowMs = 1_800_000_000_000;
const result = create(PayloadSchema, { body: new Uint8Array([1]) });
const failure = create(FailureSchema, { reason: "BUSY" });
const asked = create(TaskSpecSchema, {
  queue: "q",
  kind: "k",
  payload: result,
  priority: 9,
  fairnessKey: "acme",
  needs: { nodeId: "node_hub", capabilities: ["ocr"] },
  labels: { team: "blue" },
  uniqueKey: "u",
  timeouts: { heartbeat: durationFromMs(5_000), startToClose: durationFromMs(60_000) },
  retry: { maximumAttempts: 7 },
  budget: { unit: "token", limit: 100n },
  hopLimit: 3,
});
const spec = completeSpec(asked, undefined, nowMs);
const budget = (spent: bigint) => create(BudgetSchema, { unit: "token", limit: 100n, spent });
const upper = create(TaskSchema, {
  id: "task_u",
  spec: { ...spec, budget: budget(40n) },
});
const holder = { nodeId: "node_1", worker: "w", claimId: "c" };

/** A task of the parent, ready here. */
function below(): Live {
  const whole = completeSpec(specBelow(upper, 30_000, nowMs), undefined, nowMs);
  const submitter = submitterAbove("task_u");
  return submitted({ id: "task_l", spec: whole, submitter, blockers: 0 }, nowMs);
}

const after = (task: Live, { next }: Moved): Live => ({ ...task, standing: next });

function held(): Live {
  return after(below(), claimed(below(), holder, nowMs));
}

function said(word: Said["word"]): Live {
  const report = { fence: 1, nodeId: "node_1", spent: 0, word };
  return after(held(), heard(held(), report, nowMs));
}

test("what goes down keeps its order, has what is left, and is tried once", () => {
  const spec = specBelow(upper, 30_000, nowMs);
  const { priority, fairnessKey, kind, queue, payload, labels } = spec;
  expect({ priority, fairnessKey, kind, queue }).toEqual({
    priority: 9,
    fairnessKey: "acme",
    kind: "k",
    queue: "q",
  });
  expect(payload).toEqual(result);
  expect(labels).toEqual({ team: "blue" });
  expect(spec.needs?.nodeId).toBe("");
  expect(spec.needs?.capabilities).toEqual(["ocr"]);
  expect(spec.budget?.limit).toBe(60n);
  expect(spec.hopLimit).toBe(2);
  expect(spec.deadline).toEqual(timestampFromMs(nowMs + 30_000));
  expect(spec.retry?.maximumAttempts).toBe(1);
  expect(spec.uniqueKey).toBe("");
  expect(specBelow(upper, undefined, nowMs).deadline).toBeUndefined();
});

test("what goes up has the span that is left, its own retries, and a word of whose it is", () => {
  const live = submitted({ id: "task_l", spec, submitter: "person/1", blockers: 0 }, nowMs);
  const task = after(live, claimed(live, holder, nowMs));
  const up = specAbove(task, spec, "hub_1", nowMs + 20_000);
  expect(up.timeouts?.scheduleToClose).toEqual(durationFromMs(40_000));
  expect(up.deadline).toBeUndefined();
  expect(up.retry?.maximumAttempts).toBe(7);
  expect(up.labels).toEqual({ team: "blue", "handed-up-by": "hub_1" });
  // While it lives there, the same hold is the same task, however late it is submitted again.
  expect(up.uniqueKey).toBe(handedName({ id: task.id, fence: 1 }));
  expect(isHanded(up)).toBe(true);
  expect(isHanded(spec)).toBe(false);
  expect([up.priority, up.fairnessKey, up.hopLimit]).toEqual([9, "acme", 2]);
});

test("the last label makes room for the word of whose it is", () => {
  const words = Array.from({ length: 16 }, (_, at) => [`l${at}`, "x"] as const);
  const many = { ...spec, labels: Object.fromEntries(words) };
  const live = submitted({ id: "task_l", spec, submitter: "person/1", blockers: 0 }, nowMs);
  const { labels } = specAbove(live, many, "hub_1", nowMs);
  expect(Object.keys(labels)).toHaveLength(16);
  expect(labels["handed-up-by"]).toBe("hub_1");
});

test("the last hop and the last of the budget go nowhere, and say so", () => {
  const last = create(TaskSchema, { id: "task_u", spec: { ...spec, hopLimit: 1 } });
  expect(specBelow(last, undefined, nowMs).hopLimit).toBe(0);
  const none = create(TaskSchema, { id: "task_u", spec: { ...spec, hopLimit: 0 } });
  expect(() => specBelow(none, undefined, nowMs)).toThrow("hop limit is used up");
  const spent = create(TaskSchema, { id: "task_u", spec: { ...spec, budget: budget(100n) } });
  expect(() => specBelow(spent, undefined, nowMs)).toThrow("0 token left");
});

test("how it ended here is what the parent hears", () => {
  expect(wordAbove(said({ case: "result", result }))).toEqual({ case: "result", result });
  expect(wordAbove(said({ case: "failure", failure }))).toEqual({ case: "failure", failure });
});

test("a task of the parent that fails is no dead letter here, and nobody here tries it again", () => {
  const task = said({ case: "failure", failure });
  expect(isFromAbove(task.terms)).toBe(true);
  expect(upperOf(task.terms)).toBe("task_u");
  expect(upperOf({ submitter: "person/1" })).toBeUndefined();
  expect(task.standing.state).toBe(TaskState.CANCELED);
  expect(() => retried(task, spec, "person/1", nowMs)).toThrow(Fault);
});

test("what nobody here began goes back undone; a worker that died has cost an attempt", () => {
  const early = woken(below(), nowMs + startMs - 1);
  expect(early).toBeUndefined();
  const late = woken(below(), nowMs + startMs);
  if (late === undefined) throw new Error("it waits on");
  expect(late.next.state).toBe(TaskState.CANCELED);
  expect(wordAbove(after(below(), late))).toEqual({ case: "returned" });
  expect(wordAbove(said({ case: "failure", failure: noWorker() }))).toEqual({ case: "returned" });
  const lapsed = woken(held(), nowMs + 5_000);
  if (lapsed === undefined) throw new Error("it is held on");
  const word = wordAbove(after(held(), lapsed));
  expect(word).toMatchObject({ case: "failure", failure: { reason: "TASK_LEASE_LOST" } });
});

test("how it ended above is reported here, and is not tried here again", () => {
  const of = (rest: object) => wordBelow(create(TaskSchema, { id: "task_u", ...rest }));
  expect(of({ state: TaskState.COMPLETED, result })).toEqual({ case: "result", result });
  const cancellation = create(CancellationSchema, { reason: "wrong" });
  const gone = of({ state: TaskState.CANCELED, cancellation });
  expect(gone).toMatchObject({ failure: { reason: "CANCELED", message: "called off: wrong" } });
  const failed = of({ state: TaskState.FAILED, failure });
  expect(failed).toMatchObject({ failure: { reason: "BUSY", isFinal: true } });
});

test("a fault about the task is its failure; a full queue is not", () => {
  const hops = new Fault(Reason.TASK_HOP_LIMIT, { task: "task_u" });
  expect(failureOf(hops)?.reason).toBe("TASK_HOP_LIMIT");
  expect(failureOf(new Fault(Reason.TASK_QUEUE_FULL, {}))).toBeUndefined();
});

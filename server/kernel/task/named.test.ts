import { create } from "@bufbuild/protobuf";
import { TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { WorkerSchema } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { expect, test } from "vitest";
import { demandSpecNames, demandWorkerNames, isHoldName } from "./named.ts";

const nul = "a\0b";

test.each([
  ["spec.kind", { kind: nul }],
  ["spec.fairness_key", { fairnessKey: nul }],
  ["spec.unique_key", { uniqueKey: nul }],
  ["spec.parent_id", { parentId: nul }],
  ["spec.depends_on", { dependsOn: ["#0", nul] }],
  ["spec.labels", { labels: { [nul]: "v" } }],
  ["spec.labels", { labels: { name: nul } }],
  ["spec.needs", { needs: { nodeId: nul } }],
  ["spec.needs", { needs: { model: nul } }],
  ["spec.needs", { needs: { capabilities: ["ocr", nul] } }],
  ["spec.needs.labels", { needs: { labels: { name: nul } } }],
])("%s with a NUL is refused by name", (field, init) => {
  expect(() => demandSpecNames(create(TaskSpecSchema, init))).toThrow(`${field}: has a NUL`);
});

test.each([
  ["worker.name", { name: nul }],
  ["worker.kinds", { kinds: [nul] }],
  ["worker.capabilities", { capabilities: [nul] }],
  ["worker.models", { models: [nul] }],
  ["worker.labels", { labels: { [nul]: "" } }],
])("%s with a NUL is refused by name", (field, init) => {
  expect(() => demandWorkerNames(create(WorkerSchema, init))).toThrow(`${field}: has a NUL`);
});

test("whatever else is in a name is taken", () => {
  const odd = "\u0001 \u{1f600} \uffff";
  const labels = { [odd]: odd };
  const spec = { kind: odd, fairnessKey: odd, uniqueKey: odd, labels, needs: { labels } };
  expect(() => demandSpecNames(create(TaskSpecSchema, spec))).not.toThrow();
  expect(() => demandWorkerNames(create(WorkerSchema, { name: odd, labels }))).not.toThrow();
});

test("a hold is named by a fence of up to 2^31-1 and a name without a NUL", () => {
  expect(isHoldName({ id: "task_1", fence: 2 ** 31 - 1 })).toBe(true);
  expect(isHoldName({ id: "task_1", fence: 2 ** 31 })).toBe(false);
  expect(isHoldName({ id: nul, fence: 1 })).toBe(false);
});

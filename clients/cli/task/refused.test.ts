import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { FoedusError } from "@foedus/sdk/error.ts";
import { expect, test } from "vitest";
import { inOptions, optionsIn } from "./refused.ts";

test.each([
  ["spec.retry.maximum_attempts: must be at most 1000", "--attempts: must be at most 1000"],
  ["settings.retry.maximum_attempts: must be at most 9", "--attempts: must be at most 9"],
  ["schedule.spec.fairness_key: must be shorter", "--key: must be shorter"],
  ['spec.labels["a b"]: must be shorter', '--label ["a b"]: must be shorter'],
  ["spec.needs.capabilities[3]: must be longer", "--need [3]: must be longer"],
  ["spec.needs.labels: must have at most 8", "--need-label: must have at most 8"],
  ["spec.depends_on: must have at most 64", "--after: must have at most 64"],
  ["spec.budget.unit: must be shorter", "--budget: must be shorter"],
  ["spec.kind: must be shorter", "the kind: must be shorter"],
  ["timeouts.heartbeat is from 1 s to 1 h", "--heartbeat is from 1 s to 1 h"],
  ["start_to_close is from 0 to 366 days", "--timeout is from 0 to 366 days"],
  [
    "retry.maximum_interval is shorter than initial_interval",
    "--retry-max is shorter than --retry-in",
  ],
  ["start_time is not before the deadline", "--at or --in is not before the deadline"],
  [
    "start_time is not before timeouts.schedule_to_close is over",
    "--at or --in is not before --within is over",
  ],
  ["settings.depth_max: must be at most 10000000", "--depth: must be at most 10000000"],
  ["the label of 3 kinds", "the label of 3 kinds"],
])("%j is said as %j", (said, wanted) => {
  expect(optionsIn(said)).toBe(wanted);
});

test("a refusal says options, and what mends it; any other failure stays as it is", async () => {
  const refuse = (reason: Reason, facts: Record<string, string>) =>
    inOptions("foedus task submit", () => Promise.reject(new FoedusError(reason, facts)));
  const violation = "spec.retry.maximum_attempts: must be at most 1000";
  await expect(refuse(Reason.INVALID_REQUEST, { violation })).rejects.toMatchObject({
    message: "the request is not valid: --attempts: must be at most 1000",
    fix: "correct what is named: `foedus task submit --help`; docs/tasks.md lists every limit",
  });
  const detail = "timeouts.heartbeat is from 1 s to 1 h";
  await expect(refuse(Reason.TASK_SPEC_INVALID, { detail })).rejects.toMatchObject({
    message: "the task cannot be taken: --heartbeat is from 1 s to 1 h",
  });
  const gone = new FoedusError(Reason.NOT_FOUND, { object: "kind" });
  await expect(inOptions("foedus task submit", () => Promise.reject(gone))).rejects.toBe(gone);
});

import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { FoedusError } from "@foedus/sdk/error.ts";
import { errorOf } from "@foedus/sdk/error.wire.ts";

/** What people call the fields of a task, of a queue's settings and of a schedule. */
const options: Readonly<Record<string, string>> = {
  queue: "the queue",
  kind: "the kind",
  name: "the name",
  payload: "the payload",
  content_type: "--type",
  priority: "--priority",
  fairness_key: "--key",
  unique_key: "--unique",
  depends_on: "--after",
  labels: "--label",
  needs: "--need",
  "needs.node_id": "--node",
  "needs.capabilities": "--need",
  "needs.labels": "--need-label",
  "needs.model": "--model",
  budget: "--budget",
  start_time: "--at or --in",
  deadline: "--deadline",
  start_to_close: "--timeout",
  schedule_to_start: "--start-within",
  schedule_to_close: "--within",
  heartbeat: "--heartbeat",
  maximum_attempts: "--attempts",
  initial_interval: "--retry-in",
  maximum_interval: "--retry-max",
  non_retryable_reasons: "--final-on",
  "rate.per_minute": "the rate",
  "rate.burst": "--burst",
  weights: "the weights",
  depth_max: "--depth",
  pause_reason: "--reason",
  reason: "--reason",
  cron: "--cron",
  time_zone: "--zone",
  catch_up: "--catch-up",
};

const around = String.raw`(?:(?:schedule|spec|settings|timeouts|retry|payload)\.)*`;
const first = new RegExp(String.raw`^${around}((?:needs|budget|rate)\.\w+|\w+)(?=[[:. ]|$)`, "u");
/** Further on, only what no sentence holds by chance. */
const further = new RegExp(String.raw`${around}\b((?:rate\.)?[a-z]+(?:_[a-z]+)+)\b`, "gu");

/** What the hub says of fields, said of options. */
export function optionsIn(text: string): string {
  const option = (field: string) => options[field] ?? options[field.split(".")[0] ?? ""];
  const begun = text.replace(first, (whole, field: string) => option(field) ?? whole);
  const said = begun.replaceAll(further, (whole, field: string) => option(field) ?? whole);
  return said.replace(/^(--[a-z-]+)\[/u, "$1 [");
}

/** The facts in which the hub names fields. */
const namers: ReadonlyMap<Reason, string> = new Map([
  [Reason.INVALID_REQUEST, "violation"],
  [Reason.TASK_SPEC_INVALID, "detail"],
  [Reason.TASK_SETTINGS_INVALID, "detail"],
]);

/** Makes a call whose refusals name the options of a command: whoever typed it knows no field. */
export async function inOptions<T>(command: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    const { reason, facts } = errorOf(thrown);
    const name = namers.get(reason);
    if (name === undefined) throw thrown;
    const said = { ...facts, [name]: optionsIn(facts[name] ?? "") };
    const fix = `correct what is named: \`${command} --help\`; docs/tasks.md lists every limit`;
    const because = "an option is outside its bounds";
    throw new FoedusError(reason, said, { cause: thrown, fix, because });
  }
}

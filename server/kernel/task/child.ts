import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "../fault.ts";
import { hopLimitDefault } from "./limits.ts";
import { instantMs } from "./spec.ts";

/** A task that has children, as the rules for them see it. */
export interface Parent {
  readonly id: string;
  readonly spec: TaskSpec;
  /** When it ends at the latest. */
  readonly untilMs: number | undefined;
  /** What was reported and given to children so far. */
  readonly spent: number;
}

/** Children as they may be, and what they take off their parent's budget. */
export interface Born {
  readonly specs: TaskSpec[];
  readonly taken: number;
}

/**
 * Holds children within what their parent has left.
 *
 * @throws Fault TASK_HOP_LIMIT, TASK_BUDGET_EXCEEDED.
 */
export function childrenOf(parent: Parent, specs: readonly TaskSpec[]): Born {
  const hops = parent.spec.hopLimit ?? hopLimitDefault;
  if (hops === 0) throw new Fault(Reason.TASK_HOP_LIMIT, { task: parent.id });
  const taken = specs.reduce((sum, spec) => sum + costOf(parent, spec), 0);
  const { budget } = parent.spec;
  if (budget !== undefined && parent.spent + taken > Number(budget.limit)) {
    throw exceeded(parent, `its children ask for ${taken}`);
  }
  const born = specs.map((spec) =>
    create(TaskSpecSchema, {
      ...spec,
      hopLimit: Math.min(spec.hopLimit ?? hops - 1, hops - 1),
      deadline: earlier(spec, parent.untilMs),
    }),
  );
  return { specs: born, taken };
}

/**
 * What comes back to the parent of a task that ended: what it was given and did not spend. Below
 * nothing when it spent more than it was given.
 */
export function unspentOf({ budget }: TaskSpec, spent: number): number {
  return budget === undefined ? 0 : Number(budget.limit) - spent;
}

function costOf(parent: Parent, { budget }: TaskSpec): number {
  const own = parent.spec.budget;
  if (own === undefined) return 0;
  if (budget === undefined) throw exceeded(parent, "say what the child may cost");
  if (budget.unit !== own.unit) throw exceeded(parent, `the child counts ${budget.unit}`);
  return Number(budget.limit);
}

function exceeded({ id, spec, spent }: Parent, detail: string): Fault {
  const left = Math.max(0, Number(spec.budget?.limit ?? 0n) - spent);
  const facts = { task: id, left, unit: spec.budget?.unit ?? "", detail };
  return new Fault(Reason.TASK_BUDGET_EXCEEDED, facts);
}

function earlier({ deadline }: TaskSpec, untilMs: number | undefined) {
  if (untilMs === undefined) return deadline;
  return timestampFromMs(Math.min(instantMs(deadline) ?? untilMs, untilMs));
}

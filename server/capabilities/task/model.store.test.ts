import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  CancellationSchema,
  FailureSchema,
  ProgressSchema,
  TaskState,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { abandoned, canceled, retried } from "@foedus/kernel/task/decide.ts";
import { claimed, heard, verdictOf, type Said } from "@foedus/kernel/task/hold.ts";
import { hasEnded, type Live, type Moved } from "@foedus/kernel/task/standing.ts";
import { submitted, unblocked } from "@foedus/kernel/task/submit.ts";
import { openSteps } from "@foedus/kernel/task/steps.ts";
import { woken } from "@foedus/kernel/task/wake.ts";
import type { TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { done, sharedTasks, tasksOf, type SpecInit } from "../../../tests/support/tasks.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { keyOf, lockTasks } from "./lock.store.ts";
import { Changes, revive } from "./save.store.ts";

const tasks = sharedTasks();

const failure = create(FailureSchema, { reason: "BUSY" });
const progress = create(ProgressSchema, { message: "half" });
const cancellation = create(CancellationSchema, { caller: "person/1", reason: "wrong" });
const words: Record<string, Said["word"]> = {
  beat: { case: "beat", progress: undefined },
  progress: { case: "beat", progress },
  result: { case: "result", result: done },
  failure: { case: "failure", failure },
  returned: { case: "returned" },
};

interface Kept {
  readonly spec: TaskSpec;
  live: Live;
  readonly stored: TaskStep[];
  readonly waits: Set<string>;
}

/** Every task as the pure rules have it. */
class Model {
  readonly all = new Map<string, Kept>();

  add(id: string, spec: TaskSpec, waits: readonly string[], nowMs: number): void {
    const live = submitted({ id, spec, submitter: "person/1", blockers: waits.length }, nowMs);
    this.all.set(id, { spec, live, stored: [], waits: new Set(waits) });
  }

  move(id: string, moved: Moved, nowMs: number): void {
    this.moveAll([[id, moved]], nowMs);
  }

  /** What happens at the same time comes before what follows from it. */
  moveAll(all: readonly (readonly [string, Moved])[], nowMs: number): void {
    for (const [id, { next, steps }] of all) {
      const kept = this.of(id);
      kept.live = { ...kept.live, standing: next };
      kept.stored.push(...steps);
    }
    for (const [id, { next }] of all) if (hasEnded(next)) this.#follow(id, next, nowMs);
  }

  #follow(id: string, next: Moved["next"], nowMs: number): void {
    const kept = this.of(id);
    for (const [other, follower] of this.all) {
      if (!follower.waits.delete(id) || hasEnded(follower.live.standing)) continue;
      const isDone = next.state === TaskState.COMPLETED;
      const moved = isDone
        ? unblocked(follower.live, nowMs)
        : abandoned(follower.live, kept.live, nowMs);
      this.move(other, moved, nowMs);
    }
  }

  of(id: string): Kept {
    const kept = this.all.get(id);
    if (kept === undefined) throw new Error(`no task ${id}`);
    return kept;
  }
}

const names =
  "submit submit after later claim claim claim cancel wake wake retry beat progress result result failure returned".split(
    " ",
  );
const acts = fc.array(
  fc.record({
    name: fc.constantFrom(...names),
    at: fc.nat(30),
    fenceBack: fc.constantFrom(0, 0, 0, 0, 1, 2),
    ms: fc.constantFrom(0, 0, 500, 1_000, 4_000, 11_000),
  }),
  { minLength: 15, maxLength: 40 },
);
type Act = (typeof acts extends fc.Arbitrary<infer T> ? T : never)[number];

type Own = ReturnType<typeof tasksOf>;

/** Does the same to both. */
async function step(own: Own, tenant: string, model: Model, act: Act): Promise<void> {
  tasks.pass(act.ms);
  const nowMs = tasks.storage.nowMs();
  const ids = [...model.all.keys()];
  const id = ids[act.at % Math.max(1, ids.length)];
  if (["submit", "after", "later"].includes(act.name)) return submit(own, model, act, id);
  if (act.name === "claim") {
    const claimId = randomUUID();
    for (const { live } of await own.claim((act.at % 3) + 1, { claimId })) {
      const holder = { nodeId: "node_1", worker: "w", claimId };
      model.move(live.id, claimed(model.of(live.id).live, holder, nowMs), nowMs);
    }
    return;
  }
  if (act.name === "wake") {
    await own.wake();
    const due = ids.flatMap((each) => {
      const { live } = model.of(each);
      const moved = hasEnded(live.standing) ? undefined : woken(live, nowMs);
      return moved === undefined ? [] : [[each, moved] as const];
    });
    model.moveAll(due, nowMs);
    return;
  }
  if (id === undefined) return;
  const word = words[act.name];
  if (word !== undefined) return say(own, model, { act, id, word, nowMs });
  await decide(own, tenant, model, { act, id });
}

async function submit(own: Own, model: Model, { name, ms }: Act, id: string | undefined) {
  const nowMs = tasks.storage.nowMs();
  const isLater = name === "later";
  const other = id === undefined ? undefined : model.of(id).live;
  const state = other?.standing.state;
  const canFollow = state !== TaskState.FAILED && state !== TaskState.CANCELED;
  const dependsOn = name === "after" && canFollow && id !== undefined ? [id] : [];
  const init: SpecInit = {
    dependsOn,
    retry: { maximumAttempts: 2 },
    startTime: isLater ? timestampFromMs(nowMs + 3_000) : undefined,
    deadline: ms === 4_000 ? timestampFromMs(nowMs + 20_000) : undefined,
  };
  const [made = ""] = await own.ids(init);
  const waits = dependsOn.filter((each) => !hasEnded(model.of(each).live.standing));
  model.add(made, own.specOf(init), waits, nowMs);
}

interface Saying {
  readonly act: Act;
  readonly id: string;
  readonly word: Said["word"];
  readonly nowMs: number;
}

async function say(own: Own, model: Model, { act, id, word, nowMs }: Saying): Promise<void> {
  const { live } = model.of(id);
  const fence = (live.standing.attempt?.fence ?? 1) - act.fenceBack;
  const said = { fence, nodeId: "node_1", spent: 3, word };
  const verdict = verdictOf(live.standing, said);
  const { stored } = await own.find(id);
  expect(Verdict[(await own.say(stored, word, said)).verdict]).toBe(Verdict[verdict]);
  if (verdict === Verdict.TAKEN) model.move(id, heard(live, said, nowMs), nowMs);
}

async function decide(
  own: Own,
  tenant: string,
  model: Model,
  { act: { name }, id }: Pick<Saying, "act" | "id">,
): Promise<void> {
  const { live, spec } = model.of(id);
  const nowMs = tasks.storage.nowMs();
  const { state } = live.standing;
  const isLate = spec.deadline !== undefined && Number(spec.deadline.seconds) * 1_000 <= nowMs;
  if (name === "retry" && state === TaskState.FAILED && !isLate) {
    const { stored } = await own.find(id);
    await tasks.storage.sweep((tx) =>
      revive(tx, stored, retried(stored.live, stored.spec, "person/2", tx.nowMs)),
    );
    model.move(id, retried(live, spec, "person/2", nowMs), nowMs);
  }
  if (name !== "cancel" || hasEnded(live.standing)) return;
  await tasks.storage.sweep(async (tx) => {
    const stored = (await lockTasks(tx.sql, [{ tenant, id }])).get(keyOf({ tenant, id }));
    const changes = new Changes();
    if (stored !== undefined) changes.move(stored, canceled(stored.live, cancellation, tx.nowMs));
    await changes.save(tx);
  });
  model.move(id, canceled(live, cancellation, nowMs), nowMs);
}

test("whatever happens, the tables say what the rules say, and counts are what a recount finds", async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (script) => {
      const tenant = newTenant();
      const own = tasksOf(tasks, tenant);
      const model = new Model();
      for (const act of script) await step(own, tenant, model, act);
      for (const [id, { live, stored }] of model.all) {
        const found = (await own.find(id)).stored.live;
        const { turn } = found.standing;
        expect({ id, ...found.standing }).toEqual({ id, ...live.standing, turn });
        expect(found.terms).toEqual(live.terms);
        const waits = live.standing.state === TaskState.SUBMITTED;
        expect(turn > 0 || !waits).toBe(true);
        expect(await own.steps(id)).toEqual([...stored, ...openSteps(live)]);
      }
      const { ready, scheduled, blocked, working, submitted } = (await own.counts()) ?? {};
      if (submitted === undefined) return;
      expect({ ready, scheduled, blocked, working }).toEqual(await own.recount());
    }),
    { numRuns: 12 },
  );
});

import type { TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { newId } from "@foedus/kernel/ids.ts";
import { waitsOf } from "@foedus/kernel/task/graph.ts";
import { needsTurn } from "@foedus/kernel/task/standing.ts";
import { submitted } from "@foedus/kernel/task/submit.ts";
import { OvertakenError } from "../../runtime/storage/again.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { lineIdOf } from "./column.store.ts";
import { Deltas } from "./count.store.ts";
import { openOnes, waitFor } from "./depend.store.ts";
import { checkDepth } from "./depth.store.ts";
import { noteLines } from "./line.store.ts";
import { weightIn } from "./queue.store.ts";
import type { Stored } from "./row.store.ts";
import { insertTasks } from "./save.store.ts";
import { giveTurns, type TurnWish } from "./turn.store.ts";
import { findUnique } from "./unique.store.ts";

/** What is submitted, with every default filled in. */
export interface Wanted {
  readonly spec: TaskSpec;
  readonly submitter: string;
  readonly scheduleId?: string;
}

/** What became of it: the task, or the one that has its unique key. */
export interface Taken {
  readonly task: Stored;
  readonly existed: boolean;
}

/** Who gives turns: a `turnGiver`, or the transaction itself. */
export type Turns = (wishes: readonly TurnWish[]) => Promise<readonly (readonly number[])[]>;

/**
 * Submits tasks of one tenant, all or none.
 *
 * @throws Fault TASK_QUEUE_LIMIT, TASK_QUEUE_FULL, TASK_LINE_LIMIT, TASK_DEPENDENCY_CIRCLE,
 * TASK_DEPENDENCY_UNKNOWN.
 */
export async function submitTasks(
  tx: TenantTx,
  wanted: readonly Wanted[],
  turns: Turns = (wishes) => giveTurns(tx.sql, wishes),
): Promise<Taken[]> {
  const { places, known } = await placesOf(tx, wanted);
  const idAt = (at: number) => places[at]?.id ?? "";
  const waits = waitsOf(wanted.map(({ spec }) => ({ dependsOn: aliased(spec, places) })));
  const onIds = waits.map(({ inside, outside }) => [...new Set([...inside.map(idAt), ...outside])]);
  const fresh = new Set(places.filter(({ isNew }) => isNew).map(({ id }) => id));
  const others = [...new Set(onIds.flat())].filter((id) => !fresh.has(id));
  const open = await openOnes(tx, others);
  const isOpen = (id: string) => fresh.has(id) || open.has(id);
  const tasks = wanted.flatMap((each, at) => {
    const blockers = onIds[at]?.filter(isOpen).length ?? 0;
    if (places[at]?.isNew !== true) return [];
    const dependsOn = named(each.spec, idAt);
    const spec = { ...each.spec, dependsOn };
    return [newTask(tx, { ...each, spec }, { id: idAt(at), blockers })];
  });
  const stored = await store(tx, tasks, turns);
  const pairs = places.flatMap(({ id, isNew }, at) =>
    isNew ? (onIds[at]?.filter(isOpen) ?? []).map((onId) => ({ id, onId })) : [],
  );
  await waitFor(tx, pairs);
  const byId = new Map([...known, ...stored].map((task) => [task.live.id, task]));
  return places.map(({ id, isNew }) => {
    const task = byId.get(id);
    if (task === undefined) throw new Error("a task was submitted and not stored");
    return { task, existed: !isNew };
  });
}

/** Which task a place of the batch is: a new one, an earlier place's, or one that was there. */
interface Place {
  readonly id: string;
  readonly isNew: boolean;
  /** The place that makes the task. */
  readonly first: number;
}

async function placesOf(tx: TenantTx, wanted: readonly Wanted[]) {
  const known = await findUnique(
    tx,
    wanted.map(({ spec }) => spec),
  );
  const byKey = new Map<string, { readonly id: string; readonly first: number }>();
  const places = wanted.map(({ spec }, at): Place => {
    const key = spec.uniqueKey && `${spec.queue}/${spec.uniqueKey}`;
    const there = known.get(key)?.live.id;
    const earlier = byKey.get(key);
    const id = there ?? earlier?.id ?? newId("task", tx.world);
    if (key !== "" && earlier === undefined) byKey.set(key, { id, first: at });
    const isNew = there === undefined && earlier === undefined;
    return { id, isNew, first: earlier?.first ?? at };
  });
  return { places, known: [...known.values()] };
}

/** Places that are an earlier place's task are named as that one, so that no circle hides. */
function aliased({ dependsOn }: TaskSpec, places: readonly Place[]): string[] {
  return dependsOn.map((name) => {
    const first = name.startsWith("#") ? places[Number(name.slice(1))]?.first : undefined;
    return first === undefined ? name : `#${first}`;
  });
}

/** What a task waits for by ids, each once: a place says nothing to whoever reads the task. */
function named({ dependsOn }: TaskSpec, idAt: (at: number) => string): string[] {
  const ids = dependsOn.map((name) => (name.startsWith("#") ? idAt(Number(name.slice(1))) : name));
  return [...new Set(ids)];
}

function newTask(
  tx: TenantTx,
  { spec, submitter, scheduleId = "" }: Wanted,
  made: { readonly id: string; readonly blockers: number },
): Stored {
  const live = submitted({ ...made, spec, submitter }, tx.nowMs);
  const { queue } = spec;
  const line = lineIdOf({ spec });
  return { tenant: tx.tenant, queue, line, spec, scheduleId, followed: false, live };
}

async function store(tx: TenantTx, tasks: readonly Stored[], turns: Turns): Promise<Stored[]> {
  if (tasks.length === 0) return [];
  const settings = await checkDepth(tx, tasks);
  const ready = tasks.filter(({ live }) => needsTurn(live.standing));
  const wishes = ready.map((task): TurnWish => {
    const { tenant, queue, spec } = task;
    const { fairnessKey, priority } = spec;
    const weight = weightIn(settings.get(queue), fairnessKey);
    return { tenant, queue, fairnessKey, priority, weight, count: 1 };
  });
  const given = wishes.length === 0 ? [] : await turns(wishes);
  const byId = new Map(ready.map(({ live }, at) => [live.id, given[at]?.[0] ?? 0]));
  const stored = tasks.map((task): Stored => {
    const { live } = task;
    const turn = byId.get(live.id) ?? 0;
    return { ...task, live: { ...live, standing: { ...live.standing, turn } } };
  });
  await noteLines(tx, stored);
  const deltas = new Deltas();
  for (const { tenant, queue, live } of stored) {
    deltas.moved(tenant, queue, undefined, live.standing.state);
  }
  const inserted = await insertTasks(tx, stored);
  if (inserted.length < stored.length) throw new OvertakenError("a unique key was just taken");
  await deltas.save(tx.sql);
  return stored;
}

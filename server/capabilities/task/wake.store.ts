import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { reasonName } from "@foedus/kernel/fault.ts";
import { failureText } from "@foedus/kernel/task/steps.ts";
import { woken } from "@foedus/kernel/task/wake.ts";
import { sql } from "kysely";
import { onDeadlockAgain } from "../../runtime/storage/again.ts";
import type { Storage, SweepTx } from "../../runtime/storage/storage.ts";
import { isOfValues, putAside } from "./aside.store.ts";
import { dueClaims, keepClaims } from "./held.store.ts";
import { endedBefore } from "./follower.store.ts";
import { keyOf, type TaskKey } from "./lock.store.ts";
import { storedOf, type Stored, type TaskRow } from "./row.store.ts";
import { Changes, type Saved } from "./save.store.ts";

/** A hold that the hub ended itself. */
export interface TakenBack {
  /** `tenant/id`. */
  readonly key: string;
  readonly fence: number;
  readonly reason: string;
  /** Its worker was not heard of for a whole lease. */
  readonly isLapsed: boolean;
  readonly ms: number;
}

/** What one turn of the loop did. */
export interface Woken extends Saved {
  /** How many tasks it looked at: the loop goes on at once while it is the limit. */
  readonly count: number;
  /** Holds that are over by its doing. */
  readonly takenBack: readonly TakenBack[];
  /** Tasks that could not be woken: they are left alone for minutes. */
  readonly aside: readonly Aside[];
}

/** A task that could not be woken, and why. */
export interface Aside {
  readonly key: TaskKey;
  readonly error: unknown;
}

/**
 * Looks at tasks of all tenants whose time has come: delayed ones are ready, lapsed holds are taken
 * back, and what is too late ends. Rows that somebody works on are left for the next turn. A task
 * that cannot be woken keeps no other one waiting.
 */
export async function wakeTasks(storage: Storage, limit: number): Promise<Woken> {
  try {
    return await onDeadlockAgain(() => storage.sweep((tx) => wakeDue(tx, limit)));
  } catch (error) {
    if (!isOfValues(error)) throw error;
    return await wakeEach(storage, limit);
  }
}

/** Wakes each task on its own, and puts those aside that cannot be woken. */
async function wakeEach(storage: Storage, limit: number): Promise<Woken> {
  const keys = await storage.sweep((tx) => dueKeys(tx, limit));
  const woken: Woken[] = [];
  const aside: Aside[] = [];
  for (const key of keys) {
    try {
      woken.push(await onDeadlockAgain(() => storage.sweep((tx) => wakeOne(tx, key))));
    } catch (error) {
      if (!isOfValues(error)) throw error;
      await storage.sweep((tx) => putAside(tx, key));
      aside.push({ key, error });
    }
  }
  return {
    ready: woken.flatMap(({ ready }) => ready),
    ended: woken.flatMap(({ ended }) => ended),
    takenBack: woken.flatMap(({ takenBack }) => takenBack),
    aside,
    count: keys.length,
  };
}

async function dueKeys(tx: SweepTx, limit: number): Promise<TaskKey[]> {
  const { rows } = await sql<TaskKey>`/*task.due*/
    select t.tenant_id as tenant, t.id from task t
    where t.wake_ms <= ${tx.nowMs} order by t.wake_ms limit ${limit}`.execute(tx.sql);
  const claims = await dueClaims(tx, limit);
  return [...new Map([...rows, ...claims.due].map((key) => [keyOf(key), key])).values()];
}

async function wakeOne(tx: SweepTx, key: TaskKey): Promise<Woken> {
  const changes = new Changes();
  const looked = await lockFree(tx, [key]);
  for (const stored of looked) wake(tx, changes, stored);
  changes.follow(await endedBefore(tx, looked.filter(isBlocked)));
  return await savedOf(tx, changes, looked);
}

async function wakeDue(tx: SweepTx, limit: number): Promise<Woken> {
  const changes = new Changes();
  const due = await dueTasks(tx, limit);
  for (const stored of due) wake(tx, changes, stored);
  changes.follow(await endedBefore(tx, due.filter(isBlocked)));
  const claims = await dueClaims(tx, limit);
  const seen = new Set(due.map(keyOf));
  const lapsing = claims.due.filter((key) => !seen.has(keyOf(key)));
  const held = await lockFree(tx, lapsing);
  for (const stored of held) wake(tx, changes, stored);
  const looked = [...due, ...held];
  await keepClaims(
    tx,
    claims,
    looked.map((stored) => changes.now(stored)),
  );
  const woken = await savedOf(tx, changes, looked);
  return { ...woken, count: Math.max(due.length, claims.count) };
}

async function savedOf(tx: SweepTx, changes: Changes, looked: readonly Stored[]): Promise<Woken> {
  const held = looked.filter(isHeld);
  const takenBack = held.flatMap((stored) => backOf(changes.now(stored), tx.nowMs));
  const saved = await changes.save(tx);
  return { ...saved, takenBack, aside: [], count: looked.length };
}

function isBlocked({ live }: Stored): boolean {
  return live.standing.state === TaskState.BLOCKED;
}

function isHeld({ live }: Stored): boolean {
  return live.standing.state === TaskState.WORKING;
}

const lapsed = reasonName(Reason.TASK_LEASE_LOST);

/** What its worker is told, if it holds it no longer. */
function backOf(after: Stored, ms: number): TakenBack[] {
  const { attempt } = after.live.standing;
  if (isHeld(after) || attempt === undefined) return [];
  const { fence, failure } = attempt;
  const isLapsed = failure?.reason === lapsed;
  return [{ key: keyOf(after), fence, reason: failureText(failure), isLapsed, ms }];
}

function wake(tx: SweepTx, changes: Changes, stored: Stored): void {
  const { live } = stored;
  // Nothing due after all: writing it as it is puts the time right.
  changes.move(stored, woken(live, tx.nowMs) ?? { next: live.standing, steps: [] });
}

async function dueTasks(tx: SweepTx, limit: number): Promise<Stored[]> {
  const { rows } = await sql<TaskRow>`/*task.wake*/ select t.* from task t
    where t.wake_ms <= ${tx.nowMs} order by t.wake_ms limit ${limit}
    for update skip locked`.execute(tx.sql);
  return rows.map(storedOf);
}

async function lockFree(tx: SweepTx, keys: readonly TaskKey[]): Promise<Stored[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<TaskRow>`/*task.lapse*/ select t.* from task t
    where (t.tenant_id, t.id) in (select * from unnest(${keys.map(({ tenant }) => tenant)}::text[],
      ${keys.map(({ id }) => id)}::text[]))
    for update skip locked`.execute(tx.sql);
  return rows.map(storedOf);
}

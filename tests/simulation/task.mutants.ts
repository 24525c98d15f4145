import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { unblocked } from "@foedus/kernel/task/submit.ts";
import { soundTasks, type TaskBuild } from "./task.build.ts";

/** The rules with one thing wrong, which the simulator must notice. */
export interface TaskMutant {
  readonly name: string;
  /** One that notices it. */
  readonly seed: number;
  readonly build: TaskBuild;
}

function wrong(name: string, seed: number, changed: Partial<TaskBuild>): TaskMutant {
  return { name, seed, build: { ...soundTasks, ...changed } };
}

/** Each breaks one decision; none is a switch in the product. */
export const taskMutants: readonly TaskMutant[] = [
  wrong("no fencing", 2, {
    verdictOf: ({ state }) => (state === TaskState.WORKING ? Verdict.TAKEN : Verdict.LOST),
  }),
  wrong("lease by the worker's clock", 1, { leaseClock: ({ workerMs }) => workerMs }),
  wrong("claim without lock", 1, { locks: false }),
  wrong("ack before commit", 2, { acksEarly: true }),
  wrong("no aging", 1, {
    turnsFor: ({ last }, count, priority) => {
      const level = (10 - priority) * 1e9;
      return Array.from({ length: count }, (_, at) => Math.max(last, level) + at + 1);
    },
  }),
  wrong("given back without another fence", 1, {
    heard: (task, said, nowMs) => {
      const moved = soundTasks.heard(task, said, nowMs);
      const { fence } = task.standing;
      return said.word.case === "returned" ? { ...moved, next: { ...moved.next, fence } } : moved;
    },
  }),
  wrong("a claim keeps the fence", 1, {
    claimed: (task, holder, nowMs) => {
      const { standing } = task;
      return soundTasks.claimed({ ...task, standing: { ...standing, fence: 0 } }, holder, nowMs);
    },
  }),
  wrong("a lapse costs the turn", 1, {
    woken: (task, nowMs) => {
      const moved = soundTasks.woken(task, nowMs);
      const isLapse = task.standing.state === TaskState.WORKING;
      return isLapse && moved ? { ...moved, next: { ...moved.next, turn: 0 } } : moved;
    },
  }),
  wrong("a lapse says nothing of what was before", 1, {
    woken: (task, nowMs) => {
      const moved = soundTasks.woken(task, nowMs);
      return moved && { ...moved, steps: [] };
    },
  }),
  wrong("attempts are not counted", 3, {
    claimed: (task, holder, nowMs) => {
      const moved = soundTasks.claimed(task, holder, nowMs);
      return { ...moved, next: { ...moved.next, attempts: task.standing.attempts } };
    },
  }),
  wrong("what is given back counts", 3, {
    heard: (task, said, nowMs) => {
      const moved = soundTasks.heard(task, said, nowMs);
      const { attempts } = task.standing;
      return said.word.case === "returned"
        ? { ...moved, next: { ...moved.next, attempts } }
        : moved;
    },
  }),
  wrong("what is given back heads its line for ever", 1, {
    heard: (task, said, nowMs) => {
      const standing = { ...task.standing, returns: 0 };
      return soundTasks.heard({ ...task, standing }, said, nowMs);
    },
  }),
  wrong("what failed frees what waits for it", 1, {
    followed: (follower, _, nowMs) => unblocked(follower, nowMs),
  }),
  wrong("one of many is enough", 1, {
    followed: (follower, other, nowMs) => {
      const standing = { ...follower.standing, blockers: 1 };
      return soundTasks.followed({ ...follower, standing }, other, nowMs);
    },
  }),
  wrong("who was called off is tried again", 2, {
    woken: (task, nowMs) => {
      const standing = { ...task.standing, cancellation: undefined };
      return soundTasks.woken({ ...task, standing }, nowMs);
    },
  }),
  wrong("a pause is not looked at", 1, { pauses: false }),
  wrong("a rate forgets what passed", 135, {
    allowance: (rate, _, wanted, nowMs) => soundTasks.allowance(rate, 0, wanted, nowMs),
  }),
  wrong("two hubs take one turn", 3, { locksSchedules: false }),
];

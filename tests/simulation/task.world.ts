import { Agenda } from "@foedus/kernel/simulation/agenda.ts";
import { Chance } from "@foedus/kernel/simulation/chance.ts";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskTables, type Wish } from "./task.tables.ts";
import { soundTasks, type TaskBuild } from "./task.build.ts";
import { TaskHub, type Ground } from "./task.hub.ts";
import type { TaskViolation } from "./task.judge.ts";
import { TaskNet } from "./task.net.ts";
import { TaskWorker } from "./task.worker.ts";

/** How a world went. */
export interface TaskReport {
  readonly seed: number;
  readonly violations: readonly TaskViolation[];
  readonly tasks: number;
  readonly completed: number;
  readonly failed: number;
  readonly canceled: number;
  /** Holds that were taken back. */
  readonly retaken: number;
  readonly faults: ReadonlyMap<string, number>;
}

/** A turn of the schedule comes eight seconds later. */
const beginMs = 1_800_000_052_000;
const chaosMs = 20_000;
const calmMs = 40_000;
const settleMs = 4_000;
const againMs = 400;
const priorities = [3, 5, 7] as const;
const skewMaxMs = 30_000;

/** Runs the world of a seed: faults for a while, then calm, until everything should have ended. */
export function runTasks(seed: number, build: TaskBuild = soundTasks): TaskReport {
  const [agenda, chance] = [new Agenda(), new Chance(seed)];
  agenda.runTo(beginMs);
  const base = new TaskTables(build, () => agenda.nowMs);
  const net = new TaskNet(agenda, chance);
  const ground = { agenda, chance, net, base, build };
  const hubs = ["hub-1", "hub-2"].map((name) => new TaskHub(name, ground));
  const names = Array.from({ length: 4 }, (_, at) => `worker-${at + 1}`);
  const workers = names.map((name) => new TaskWorker(name, ground, hubs));
  const faults = new Map<string, number>();
  submitAll(ground, hubs);
  plan(ground, { hubs, workers, faults });
  agenda.runTo(beginMs + chaosMs);
  net.heal();
  for (const worker of workers) worker.isCalm = true;
  Object.assign(base, { isPaused: false, isLimited: false });
  // As long as it takes: the last words may still be under way when all has ended.
  for (let ms = settleMs; ms <= calmMs; ms += settleMs) {
    agenda.runTo(beginMs + chaosMs + ms);
    if (ms > settleMs && base.living.size === 0) break;
  }
  base.judge.end(base.rows);
  const rows = [...base.rows.values()];
  const count = (state: TaskState) =>
    rows.filter(({ live }) => live.standing.state === state).length;
  return {
    seed,
    violations: base.judge.violations,
    tasks: rows.length,
    completed: count(TaskState.COMPLETED),
    failed: count(TaskState.FAILED),
    canceled: count(TaskState.CANCELED),
    retaken: rows.filter(({ stored }) => stored.some(isLapse)).length,
    faults,
  };
}

function isLapse({ failure }: { readonly failure?: { readonly reason: string } }): boolean {
  return failure?.reason === "TASK_LEASE_LOST";
}

/** A client that asks again until it hears that its task is stored. */
function submitAll(ground: Ground, hubs: readonly TaskHub[]): void {
  const { agenda, chance, net, base } = ground;
  const known: string[] = [];
  const ask = (wish: Omit<Wish, "id">, isKnown: { so: boolean }) => {
    if (isKnown.so) return;
    const hub = chance.pick(hubs);
    const id = `task-${chance.name()}`;
    net.send("client", hub.name, () => {
      hub.submit({ ...wish, id }, (stored) => {
        net.send(hub.name, "client", () => {
          isKnown.so = true;
          known.push(wish.requestId);
          base.judge.acked(stored);
        });
      });
    });
    agenda.after(againMs, () => ask(wish, isKnown));
  };
  // In bursts, so that there is a backlog whose order matters.
  const flood = chance.between(1, 3);
  for (let at = 0; at < 60 + 90 * flood; at++) {
    const priority = chance.happens(0.8) ? 7 : chance.pick(priorities);
    const key = chance.pick(["", "", "a", "b"]);
    const delayMs = chance.happens(0.1) ? chance.between(1, 3_000) : 0;
    const attempts = chance.happens(0.2) ? 2 : 1_000;
    const wish = { requestId: `r${at}`, priority, key, delayMs, attempts };
    agenda.after(chance.below(chaosMs * 0.8), () => {
      const count = chance.happens(0.15) ? Math.min(known.length, chance.between(1, 3)) : 0;
      const after = Array.from({ length: count }, () => chance.pick(known));
      ask({ ...wish, after: [...new Set(after)] }, { so: false });
      if (!chance.happens(0.05)) return;
      const hub = chance.pick(hubs);
      agenda.after(chance.between(1, 4_000), () => {
        net.send("client", hub.name, () => hub.cancel(wish.requestId));
      });
    });
  }
}

interface Parties {
  readonly hubs: readonly TaskHub[];
  readonly workers: readonly TaskWorker[];
  readonly faults: Map<string, number>;
}

/** What goes wrong when. */
function plan({ agenda, chance, net, base }: Ground, { hubs, workers, faults }: Parties): void {
  const acts: Record<string, () => void> = {
    "a hub crashes": () => chance.pick(hubs).crash(chance.between(50, 3_000)),
    "a worker crashes": () => chance.pick(workers).crash(chance.between(50, 3_000)),
    "a worker stalls": () => chance.pick(workers).stall(chance.between(1_000, 9_000)),
    "a worker's clock jumps": () => {
      chance.pick(workers).skewMs = chance.between(-skewMaxMs, skewMaxMs);
    },
    "a worker is cut off": () => {
      const worker = chance.pick(workers);
      const ms = chance.between(500, 8_000);
      for (const hub of hubs) net.cut(worker.name, hub.name, ms);
    },
    "a queue is paused": () => {
      base.isPaused = true;
      agenda.after(chance.between(300, 3_000), () => void (base.isPaused = false));
    },
    "a queue gets a rate": () => {
      base.isLimited = true;
      agenda.after(chance.between(1_000, 6_000), () => void (base.isLimited = false));
    },
    "dead letters are tried again": () => chance.pick(hubs).retry(),
    "answers are lost": () => void (net.weather.lost = chance.fraction() * 0.3),
    "words come twice": () => void (net.weather.twice = chance.fraction() * 0.3),
    "the network is slow": () => void (net.weather.slowMs = chance.between(10, 400)),
  };
  const names = Object.keys(acts);
  for (let count = chance.between(4, 24); count > 0; count--) {
    const name = chance.pick(names);
    agenda.after(chance.below(chaosMs), () => {
      faults.set(name, (faults.get(name) ?? 0) + 1);
      acts[name]?.();
    });
  }
}

import { TaskEndedSchema } from "@foedus/gen/foedus/task/v1/task_event_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { fact } from "@foedus/kernel/change.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import type { Loop } from "../../runtime/capability.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Listener } from "./news.flow.ts";
import type { Stored } from "./row.store.ts";

/** What ended alike within so long is told together. */
const gatherMs = 1_000;
/** Beyond so many sorts they are told apart by their queue and end only. */
const sortsMax = 10_000;
const factsMax = 500;

/** One task that ended. */
export interface Ended {
  readonly tenant: string;
  readonly id: string;
  readonly queue: string;
  readonly kind: string;
  readonly state: TaskState;
  readonly nodeId: string;
  readonly reason: string;
}

interface Sort extends Ended {
  count: number;
}

/** What ended and is not told yet; what a crash takes away stays in the tasks' own steps. */
export class Tally implements Listener {
  readonly #storage: Storage;
  #sorts = new Map<string, Sort>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  ended(tasks: readonly Stored[]): void {
    for (const { tenant, queue, spec, live } of tasks) {
      const { state, failure, attempt } = live.standing;
      // A result is told by whoever took it.
      if (state === TaskState.COMPLETED) continue;
      const [nodeId, reason] = [attempt?.nodeId ?? "", failure?.reason ?? ""];
      this.add({ tenant, id: live.id, queue, kind: spec.kind, state, nodeId, reason });
    }
  }

  add(one: Ended, count = 1): void {
    const isFull = this.#sorts.size >= sortsMax;
    const sort = isFull ? { ...one, kind: "", nodeId: "" } : one;
    const { tenant, queue, kind, state, nodeId, reason } = sort;
    const key = JSON.stringify([tenant, queue, kind, state, nodeId, reason]);
    const known = this.#sorts.get(key);
    if (known === undefined) this.#sorts.set(key, { ...sort, count });
    else known.count += count;
  }

  /** Tells all of it. */
  async flush(): Promise<void> {
    const sorts = this.#sorts;
    this.#sorts = new Map();
    for (const [name, all] of Map.groupBy(sorts.values(), ({ tenant }) => tenant)) {
      for (let at = 0; at < all.length; at += factsMax) {
        await this.#tell(name, all.slice(at, at + factsMax));
      }
    }
  }

  async #tell(name: string, sorts: readonly Sort[]): Promise<void> {
    const facts = sorts.map(({ id, queue, kind, state, nodeId, count, reason }) => {
      const taskId = count === 1 ? id : "";
      const told = { queue, kind, state, nodeId, count, taskId, reason };
      return fact(TaskEndedSchema, taskId || queue, told);
    });
    try {
      await this.#storage.tenant(tenantProved(name), (tx) => tell(tx, facts));
    } catch (error) {
      // The next turn tells it.
      for (const sort of sorts) this.add(sort, sort.count);
      throw error;
    }
  }

  loop(): Loop {
    return {
      name: "task.tally",
      run: async (signal) => {
        while (!signal.aborted) {
          await this.#storage.world.timers.sleep(gatherMs, signal);
          if (!signal.aborted) await this.flush();
        }
      },
    };
  }
}

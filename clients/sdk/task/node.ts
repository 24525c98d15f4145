import { createClient, type Transport } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import { FoedusError } from "../error.ts";
import { openTasks } from "./tasks.open.ts";
import type { Tasks } from "./tasks.ts";
import { openWorker } from "./worker.open.ts";
import type { TaskWorker, Work, WorkOptions } from "./work.ts";

/** What tasks run on. */
export interface CrewKit {
  readonly world: World;
  readonly transport: Transport;
  /** Ends all of it; its reason is a FoedusError. */
  readonly ended: AbortSignal;
  readonly moving: () => AbortSignal;
  readonly hubNow: () => number;
}

/** The tasks and the workers of a node, or of an agent. */
export interface Crew {
  readonly tasks: Tasks;
  work(options: WorkOptions, work: Work): TaskWorker;
  /** Closes all workers. */
  close(): Promise<void>;
}

/** Workers are told apart by queue and name, so each of them has its own. */
export function openCrew(kit: CrewKit): Crew {
  const workers = new Map<string, TaskWorker>();
  const tasks = openTasks({ ...kit, client: createClient(TaskService, kit.transport) });
  const client = createClient(WorkService, kit.transport);
  return {
    tasks,
    work(options, work) {
      kit.ended.throwIfAborted();
      const { queue, name } = options;
      if (name !== undefined && workers.has(keyOf(queue, name))) {
        const violation = `name: ${name} works at ${queue} already`;
        throw new FoedusError(Reason.INVALID_REQUEST, { violation });
      }
      const worker = openWorker({ ...kit, client, tasks }, options, work);
      const key = keyOf(queue, worker.name);
      workers.set(key, worker);
      worker.signal.addEventListener("abort", () => workers.delete(key), { once: true });
      return worker;
    },
    close: async () => {
      await Promise.all(Array.from(workers.values(), (worker) => worker.close()));
    },
  };
}

function keyOf(queue: string, name: string): string {
  return `${queue}/${name}`;
}

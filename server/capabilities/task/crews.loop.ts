import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { WorkerStatus } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import type { Crew, Mate } from "./crew.flow.ts";
import {
  calledOff,
  crewAt,
  forgetCrew,
  staffingAt,
  writeCrew,
  type Post,
  type Staffing,
} from "./crew.store.ts";
import type { Attended } from "./queue.idle.store.ts";
import { standOf, statusOf } from "./worker.flow.ts";

/** How often other hubs are told of workers that changed. */
const tellMs = 1_000;
/** Workers that are told of at a time. */
const toldMax = 1_000;
/** How old a sign of life may be as others see it. */
const seenMs = 30_000;
/** How long what was called off at another hub may be unknown here. */
const lookMs = 500;
/** Workers of other hubs that one look brings at most. */
export const crewMax = 1_000;

/** Which workers: of one queue or all, after a place in the order of the list. */
export interface CrewPage {
  readonly queue: string;
  readonly after?: readonly string[] | undefined;
  readonly size?: number;
}

/** The workers of all hubs over this database; as long as there is one, nothing is written. */
export class Crews {
  readonly #hub: Pick<Hub, "storage" | "processes" | "identity">;
  readonly #crew: Crew;
  readonly #toldSeen = new WeakMap<Mate, number>();
  #hasTold = false;

  constructor(hub: Pick<Hub, "storage" | "processes" | "identity">, crew: Crew) {
    this.#hub = hub;
    this.#crew = crew;
  }

  /** A page of a tenant's workers, by queue, node and name, and whether more follow. */
  async list(
    tenant: TenantId,
    { queue, after = [], size = crewMax }: CrewPage,
  ): Promise<{ readonly workers: WorkerStatus[]; readonly hasMore: boolean }> {
    const from = after.join("\0");
    const here = this.#crew
      .list(tenant, this.#hub.storage.nowMs())
      .filter(({ worker }) => queue === "" || worker.queue === queue)
      .map(statusOf)
      .filter((one) => from === "" || standOf(one).join("\0") > from)
      .slice(0, size + 1);
    const others = this.#others();
    const page = { queue, after, limit: size + 1 };
    const there = others.length === 0 ? [] : await crewAt(this.#hub.storage, tenant, others, page);
    const all = mergedOf([...here, ...there]);
    const hasMore = here.length > size || there.length > size || all.length > size;
    return { workers: all.slice(0, size), hasMore };
  }

  /** How many work at queues and how much they would take. */
  async staffing(tx: TenantTx, queues: readonly string[]): Promise<Map<string, Staffing>> {
    const mates = this.#crew.list(tx.tenant, tx.nowMs);
    const others = this.#others();
    const there = others.length === 0 ? [] : await staffingAt(tx, others, queues);
    const found = new Map(there.map((each) => [each.queue, each]));
    for (const [queue, own] of Map.groupBy(mates, ({ worker }) => worker.queue)) {
      const { workers = 0, room = 0 } = found.get(queue) ?? {};
      const free = own.reduce((sum, mate) => sum + mate.free(), room);
      found.set(queue, { queue, workers: workers + own.length, room: free });
    }
    return found;
  }

  /** Queues that somebody is at here, and the hubs that tell of theirs. */
  attended(): Attended {
    return { here: [...this.#crew.all()].map(postOf), hubIds: this.#others() };
  }

  /** Tells other hubs of workers that changed here. */
  async tell(): Promise<void> {
    const { storage, identity } = this.#hub;
    // Also where nobody is told: whoever asked once would be kept for ever.
    this.#crew.forget(storage.nowMs());
    const others = this.#others();
    if (others.length === 0) {
      this.#hasTold = false;
      return this.#crew.untouch();
    }
    if (!this.#hasTold) {
      await forgetCrew(storage, others);
      this.#crew.touchAll();
      this.#hasTold = true;
    }
    this.#touchSeen();
    const taken = this.#crew.takeChanged(toldMax);
    const posts = taken.map(({ mate, isHere }) => ({ ...postOf(mate), mate, isHere }));
    const here = posts.filter(({ isHere }) => isHere);
    const told = here.map((post) => ({ ...post, status: statusOf(post.mate) }));
    const gone = posts.filter(({ isHere }) => !isHere);
    try {
      const sides = { hubId: identity.hubId, others };
      const moved = await writeCrew(storage, sides, told, gone);
      for (const { mate } of here) this.#toldSeen.set(mate, mate.seenMs);
      for (const post of moved) this.#replace(post);
    } catch (error) {
      for (const { mate } of posts) this.#crew.touch(mate);
      throw error;
    }
  }

  /** Tells workers that are here what was called off, at whichever hub. */
  async look(): Promise<void> {
    if (!this.#crew.isBusy || this.#others().length === 0) return;
    const all = await calledOff(this.#hub.storage);
    for (const { key, reason, fence } of all) this.#crew.stop(key, reason, fence);
  }

  loops(): Loop[] {
    return [this.#every("task.crew", tellMs, () => this.tell()), this.#looking()];
  }

  #looking(): Loop {
    return this.#every("task.called_off", lookMs, () => this.look());
  }

  #every(name: string, ms: number, act: () => Promise<void>): Loop {
    const { timers } = this.#hub.storage.world;
    return {
      name,
      run: async (signal) => {
        while (!signal.aborted) {
          await timers.sleep(ms, signal);
          if (!signal.aborted) await act();
        }
      },
    };
  }

  /** The ids of the other hubs that are there. */
  #others(): string[] {
    const { hubId } = this.#hub.identity;
    const live = this.#hub.processes.list().filter((one) => one.live);
    const ids = live.map(({ spiffeId }) => spiffeId.slice(spiffeId.lastIndexOf("/") + 1));
    return ids.filter((id) => id !== hubId);
  }

  #touchSeen(): void {
    for (const mate of this.#crew.all()) {
      if (mate.seenMs - (this.#toldSeen.get(mate) ?? 0) > seenMs) this.#crew.touch(mate);
    }
  }

  /** It came to another hub since. */
  #replace({ tenant, queue, nodeId, name }: Post): void {
    const mate = this.#crew.find(tenant, nodeId, queue, name);
    if (mate === undefined) return;
    mate.line?.replaced();
    this.#crew.leave(mate);
  }
}

function postOf({ tenant, node, worker }: Mate): Post {
  return { tenant, queue: worker.queue, nodeId: node.nodeId, name: worker.name };
}

/** In their order; of one that is told of by several hubs, where it came to last. */
function mergedOf(all: readonly WorkerStatus[]): WorkerStatus[] {
  const found = new Map<string, WorkerStatus>();
  for (const one of all) {
    const key = standOf(one).join("\0");
    const before = found.get(key);
    if (before === undefined || sinceOf(before) < sinceOf(one)) found.set(key, one);
  }
  const sorted = [...found].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([, status]) => status);
}

function sinceOf({ since }: WorkerStatus): number {
  return since === undefined ? 0 : timestampMs(since);
}

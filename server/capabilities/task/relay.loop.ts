import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { Loop } from "../../runtime/capability.ts";
import type { ParentLine } from "../../runtime/parent.ts";
import { groupsOf, type Group, type RelayKit } from "./relay.flow.ts";
import type { RelayReports } from "./relay.report.loop.ts";
import { RelayShift } from "./relay.shift.flow.ts";
import { forgetStrays, sharedQueues, type SharedQueue } from "./relay.store.ts";

/** How often it is looked who is here and has room. */
const staffMs = 200;
/** How often it is looked which queues work for the parent. */
const queuesMs = 1_000;
/** Shifts of a process at most: each is a stream over the one connection to the parent. */
const shiftsMax = 24;
/** How long a shift stays that nobody stands behind. */
const idleMs = 30_000;

interface Running {
  readonly shift: RelayShift;
  seenMs: number;
}

const works: ReadonlySet<ParentUse> = new Set([ParentUse.WORKS_FOR, ParentUse.BOTH]);

/** Lets the workers of this process do the parent's tasks, in the queues that an admin named. */
export function relayLoop(kit: RelayKit, book: RelayReports): Loop {
  return {
    name: "task.relay",
    async run(signal) {
      const ending = new AbortController();
      const relay = new Relay(kit, book, AbortSignal.any([signal, ending.signal]));
      try {
        await relay.run(signal);
      } finally {
        ending.abort();
      }
    },
  };
}

const hourMs = 3_600_000;

/** Forgets what hub processes left behind that are there no more; who has just died may be back. */
export function straysLoop({ hub }: Pick<RelayKit, "hub">): Loop {
  return {
    name: "task.relay_strays",
    async run(signal) {
      while (!signal.aborted) {
        await hub.world.timers.sleep(hourMs, signal);
        const known = hub.processes.list().map(({ spiffeId }) => spiffeId);
        const ids = known.map((id) => id.slice(id.lastIndexOf("/") + 1));
        if (!signal.aborted) await forgetStrays(hub.storage, [hub.identity.hubId, ...ids]);
      }
    },
  };
}

class Relay {
  readonly #kit: RelayKit;
  readonly #book: RelayReports;
  readonly #signal: AbortSignal;
  readonly #running = new Map<string, Running>();
  #queues: readonly SharedQueue[] = [];
  #lookedMs = -Infinity;

  constructor(kit: RelayKit, book: RelayReports, signal: AbortSignal) {
    [this.#kit, this.#book, this.#signal] = [kit, book, signal];
  }

  async run(signal: AbortSignal): Promise<void> {
    const { parent, world } = this.#kit.hub;
    while (!signal.aborted) {
      const line = await parent.line(signal);
      if (line === undefined) return;
      await this.#look(line);
      this.#staff(line);
      await world.timers.sleep(staffMs, signal);
    }
  }

  async #look({ ownTenant }: ParentLine): Promise<void> {
    const { storage, world } = this.#kit.hub;
    const nowMs = world.clock.monotonic();
    if (nowMs - this.#lookedMs < queuesMs) return;
    const shared = await sharedQueues(storage, ownTenant);
    this.#queues = shared.filter(({ use }) => works.has(use));
    this.#lookedMs = nowMs;
  }

  #staff({ ownTenant }: ParentLine): void {
    const { hub, crew } = this.#kit;
    const nowMs = hub.world.clock.monotonic();
    const names = new Map(this.#queues.map((queue) => [queue.name, queue]));
    const mates = [...crew.all()].filter(
      ({ tenant, worker }) => tenant === ownTenant && names.has(worker.queue),
    );
    const byQueue = Map.groupBy(mates, ({ worker }) => worker.queue);
    for (const [name, own] of byQueue) {
      for (const group of groupsOf(hub.identity.trustDomain, name, own)) {
        const running = this.#runningOf(group);
        if (running === undefined) continue;
        running.seenMs = nowMs;
        running.shift.staff(group, names.get(name)?.paused ?? true);
      }
    }
    for (const [key, { shift, seenMs }] of this.#running) {
      if (seenMs === nowMs) continue;
      shift.rest();
      if (nowMs - seenMs < idleMs) continue;
      shift.end();
      this.#book.orphan(shift);
      this.#running.delete(key);
    }
  }

  #runningOf(group: Group): Running | undefined {
    const { queue, name } = group.worker;
    const key = `${queue}/${name}`;
    const known = this.#running.get(key);
    if (known !== undefined || this.#running.size >= shiftsMax) return known;
    const running = { shift: new RelayShift(this.#kit, this.#book, group), seenMs: 0 };
    this.#running.set(key, running);
    running.shift.run(this.#signal).catch((error: unknown) => {
      this.#kit.hub.log.error("a shift for the parent failed", { queue, error });
      this.#running.delete(key);
    });
    return running;
  }
}

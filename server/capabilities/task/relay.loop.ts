import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { Loop } from "../../runtime/capability.ts";
import type { ParentLine } from "../../runtime/parent.ts";
import type { Mate } from "./crew.flow.ts";
import { groupsOf, offerOf, offersMax, type Group, type RelayKit } from "./relay.flow.ts";
import type { RelayReports } from "./relay.report.loop.ts";
import { RelayShift } from "./relay.shift.flow.ts";
import { forgetStrays, sharedQueues, type SharedQueue } from "./relay.store.ts";

/** How often it is looked who is here and has room. */
const staffMs = 200;
/** How often it is looked which queues work for the parent. */
const queuesMs = 1_000;
/** How long a shift stays that nobody stands behind. */
const idleMs = 30_000;

interface Running {
  readonly shift: RelayShift;
  seenMs: number;
}

const works: ReadonlySet<ParentUse> = new Set([ParentUse.WORKS_FOR, ParentUse.BOTH]);

/** Lets the workers of this process do the parent's tasks, in the queues that an admin named. */
export function relayLoop(kit: RelayKit, book: RelayReports): Loop {
  let relay: Relay | undefined;
  const text = "Workers that the parent is not offered: they are of too many sorts.";
  kit.hub.meters.gauge("foedus_task_kept_worker", text, () => [[relay?.kept ?? 0, {}]]);
  return {
    name: "task.relay",
    async run(signal) {
      const ending = new AbortController();
      relay = new Relay(kit, book, AbortSignal.any([signal, ending.signal]));
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
  /** Workers that the parent is not offered, and of which queues they are. */
  kept = 0;
  #keptOf = "";

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
    const { trustDomain } = hub.identity;
    const sorted = [...byQueue].toSorted(([one], [other]) => (one < other ? -1 : 1));
    const groups = sorted.map(([name, own]) => groupsOf(trustDomain, name, own));
    const { offered, kept } = offerOf(groups);
    const waiting: Mate[] = [];
    for (const group of offered) {
      const running = this.#runningOf(group);
      if (running === undefined) {
        // All streams are taken, some by shifts that nobody stands behind any more.
        waiting.push(...group.mates);
        continue;
      }
      running.seenMs = nowMs;
      running.shift.staff(group, names.get(group.worker.queue)?.paused ?? true);
    }
    this.#tellKept([...kept, ...waiting]);
    for (const [key, { shift, seenMs }] of this.#running) {
      if (seenMs === nowMs) continue;
      shift.rest();
      if (nowMs - seenMs < idleMs) continue;
      shift.end();
      this.#book.orphan(shift);
      this.#running.delete(key);
    }
  }

  /** Says which workers the parent is not offered, whenever it is of other queues than before. */
  #tellKept(kept: readonly Mate[]): void {
    this.kept = kept.length;
    const queues = [...new Set(kept.map(({ worker }) => worker.queue))].toSorted();
    const said = queues.join(", ");
    if (said === this.#keptOf) return;
    this.#keptOf = said;
    const { log } = this.#kit.hub;
    if (queues.length === 0) log.info("the parent is offered all workers of its queues again");
    else log.warn("the parent is not offered all workers: they are of too many sorts", { queues });
  }

  #runningOf(group: Group): Running | undefined {
    const { queue, name } = group.worker;
    const key = `${queue}/${name}`;
    const known = this.#running.get(key);
    if (known !== undefined || this.#running.size >= offersMax) return known;
    const running = { shift: new RelayShift(this.#kit, this.#book, group), seenMs: 0 };
    this.#running.set(key, running);
    running.shift.run(this.#signal).catch((error: unknown) => {
      this.#kit.hub.log.error("a shift for the parent failed", { queue, error });
      this.#running.delete(key);
    });
    return running;
  }
}

import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Worker } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { Listener } from "./news.flow.ts";
import type { KnownNode } from "./nodes.flow.ts";

/** A worker that is here: over a stream, or as one that asked lately. */
export interface Mate {
  readonly tenant: TenantId;
  readonly node: KnownNode;
  worker: Worker;
  readonly sinceMs: number;
  seenMs: number;
  /** What it holds, by task ids. */
  readonly holds: Map<string, Held>;
  isDraining: boolean;
  /** How many tasks it could take besides what it holds. */
  free(): number;
  completed: number;
  failed: number;
  /** How to tell it at once; undefined for one that asks from time to time. */
  readonly line: Line | undefined;
}

/** A hold, and as much of its task as is known here. */
export interface Held {
  readonly fence: number;
  readonly queue: string;
  readonly kind: string;
}

/** A stream to a worker. */
export interface Line {
  stop(id: string, fence: number, reason: string): void;
  /** Another stream of the same worker takes its place. */
  replaced(): void;
}

/** Who asks from time to time is here for so long after it asked last. */
const awayMs = 90_000;

/** The workers of this process. */
export class Crew implements Listener {
  readonly #mates = new Map<string, Mate>();
  /** Who holds what, by `tenant/id`. */
  readonly #holders = new Map<string, Mate>();

  /** Somebody comes; over a stream it takes the place of the one before. */
  join(mate: Mate): Mate {
    const key = keyOf(mate);
    const before = this.#mates.get(key);
    if (before !== undefined) {
      if (mate.line !== undefined) before.line?.replaced();
      this.leave(before);
    }
    this.#mates.set(key, mate);
    return mate;
  }

  /** One that asks from time to time and was here before. */
  find(tenant: TenantId, nodeId: string, queue: string, name: string): Mate | undefined {
    return this.#mates.get([tenant, nodeId, queue, name].join("/"));
  }

  leave(mate: Mate): void {
    if (this.#mates.get(keyOf(mate)) === mate) this.#mates.delete(keyOf(mate));
    for (const id of mate.holds.keys()) this.#letGo(mate, id);
  }

  /** It holds this from now on. */
  holds(mate: Mate, id: string, held: Held): void {
    mate.holds.set(id, held);
    this.#holders.set(`${mate.tenant}/${id}`, mate);
  }

  /** Who holds it, as far as it is known here. */
  holderOf(tenant: TenantId, id: string): Mate | undefined {
    return this.#holders.get(`${tenant}/${id}`);
  }

  /** The hold is over, or its fence is an older one. */
  drop(mate: Mate, id: string, fence: number): void {
    const held = mate.holds.get(id);
    if (held === undefined || held.fence > fence) return;
    mate.holds.delete(id);
    this.#letGo(mate, id);
  }

  stop(key: string, reason: string): void {
    const mate = this.#holders.get(key);
    const id = key.slice(key.indexOf("/") + 1);
    const held = mate?.holds.get(id);
    if (mate !== undefined && held !== undefined) mate.line?.stop(id, held.fence, reason);
  }

  /** All of a tenant, by queue, node and name. */
  list(tenant: TenantId, nowMs: number): Mate[] {
    this.#forget(nowMs);
    const own = [...this.#mates.values()].filter((mate) => mate.tenant === tenant);
    return own.toSorted((one, other) =>
      placeOf(one).join("/") < placeOf(other).join("/") ? -1 : 1,
    );
  }

  count(): number {
    return this.#mates.size;
  }

  #forget(nowMs: number): void {
    for (const mate of this.#mates.values()) {
      if (mate.line === undefined && nowMs - mate.seenMs > awayMs) this.leave(mate);
    }
  }

  #letGo(mate: Mate, id: string): void {
    const key = `${mate.tenant}/${id}`;
    if (this.#holders.get(key) === mate) this.#holders.delete(key);
  }
}

/** Queue, node and name: the order of lists. */
export function placeOf({ node, worker }: Pick<Mate, "node" | "worker">): string[] {
  return [worker.queue, node.nodeId, worker.name];
}

function keyOf({ tenant, node, worker }: Mate): string {
  return [tenant, node.nodeId, worker.queue, worker.name].join("/");
}

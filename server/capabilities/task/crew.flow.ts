import type { Worker } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Listener } from "./news.flow.ts";
import type { KnownNode } from "./nodes.flow.ts";
import type { TakenBack } from "./wake.store.ts";

/** A worker that is here: over a stream, or as one that asked lately. */
export interface Mate {
  readonly tenant: TenantId;
  node: KnownNode;
  worker: Worker;
  readonly sinceMs: number;
  seenMs: number;
  /** What it holds, by task ids. */
  readonly holds: Map<string, Held>;
  isDraining: boolean;
  /** It let a lease lapse and was not heard since: it gets nothing more until it is. */
  isSilent?: boolean;
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
  /** What its worker said last that it has cost. */
  spent?: number;
  /** It was told to stop: once is enough. */
  isStopped?: boolean;
  /** When its lease ends, of one that asks: nothing else says that it forgot the task. */
  leaseMs?: number;
}

/** A stream to a worker. */
export interface Line {
  stop(id: string, fence: number, reason: string): void;
  /** Its node says something else of itself now. */
  moved(node: KnownNode): void;
  /** It holds less than before, whichever way it said so. */
  roomier(): void;
  /** Another stream of the same worker takes its place. */
  replaced(): void;
}

/** Who asks from time to time is here for so long after it asked last. */
const awayMs = 90_000;
/** Over a stream who says nothing for so long is not heard any more: several signs are missing. */
const silentMs = 30_000;

/** The workers of this process. */
export class Crew implements Listener {
  readonly #mates = new Map<string, Mate>();
  /** Who holds what, by `tenant/id`. */
  readonly #holders = new Map<string, Mate>();
  /** Those that came, changed or left since they were taken. */
  #changed = new Map<string, Mate>();

  /** Somebody comes; over a stream it takes the place of the one before. */
  join(mate: Mate): Mate {
    const key = keyOf(mate);
    const before = this.#mates.get(key);
    if (before !== undefined) {
      if (mate.line !== undefined) before.line?.replaced();
      this.leave(before);
    }
    this.#mates.set(key, mate);
    this.touch(mate);
    return mate;
  }

  /** Something of it is to be told anew. */
  touch(mate: Mate): void {
    this.#changed.set(keyOf(mate), mate);
  }

  /** Up to so many that changed since they were taken last, each with whether it is here. */
  takeChanged(limit: number): { readonly mate: Mate; readonly isHere: boolean }[] {
    const taken = [...this.#changed].slice(0, limit);
    for (const [key] of taken) this.#changed.delete(key);
    return taken.map(([key, mate]) => {
      const here = this.#mates.get(key);
      return { mate: here ?? mate, isHere: here !== undefined };
    });
  }

  /** All count as changed, and nothing else does. */
  touchAll(): void {
    this.#changed = new Map(this.#mates);
  }

  /** Nobody wants to hear of changes. */
  untouch(): void {
    this.#changed.clear();
  }

  /** One that asks from time to time and was here before. */
  find(tenant: string, nodeId: string, queue: string, name: string): Mate | undefined {
    return this.#mates.get([tenant, nodeId, queue, name].join("/"));
  }

  leave(mate: Mate): void {
    if (this.#mates.get(keyOf(mate)) === mate) this.#mates.delete(keyOf(mate));
    this.touch(mate);
    for (const id of mate.holds.keys()) this.#letGo(mate, id);
  }

  /** It holds this from now on. */
  holds(mate: Mate, id: string, held: Held): void {
    const key = `${mate.tenant}/${id}`;
    const before = this.#holders.get(key);
    // Who had it before may hear later than the next one that it is over.
    if (before !== undefined && before !== mate) this.drop(before, id, held.fence - 1);
    mate.holds.set(id, held);
    this.#holders.set(key, mate);
    this.touch(mate);
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
    this.touch(mate);
    mate.line?.roomier();
  }

  /** Tells the holder to stop, once; `fence` says whose hold is meant, if it is known. */
  stop(key: string, reason: string, fence?: number): void {
    const mate = this.#holders.get(key);
    const id = key.slice(key.indexOf("/") + 1);
    const held = mate?.holds.get(id);
    if (mate?.line === undefined || held === undefined || held.isStopped) return;
    if (fence !== undefined && fence !== held.fence) return;
    held.isStopped = true;
    mate.line.stop(id, held.fence, reason);
  }

  /**
   * What the hub took back is of no use to whoever still works on it: it is told to stop, unless
   * its own clock says so. Whoever went silent would let the next task lapse, too, and gets
   * nothing; for whoever is here it takes its place until the next word, as its work may still go
   * on.
   */
  takenBack(all: readonly TakenBack[]): void {
    for (const { key, fence, reason, isLapsed, ms } of all) {
      const mate = this.#holders.get(key);
      const id = key.slice(key.indexOf("/") + 1);
      if (mate?.holds.get(id)?.fence !== fence) continue;
      const isSilent = isLapsed || ms - mate.seenMs > silentMs;
      if (!isLapsed) this.stop(key, reason, fence);
      if (isSilent) mate.isSilent = mate.line !== undefined;
      if (isSilent || mate.line === undefined) this.drop(mate, id, fence);
    }
  }

  /** All of a tenant, by queue, node and name. */
  list(tenant: TenantId, nowMs: number): Mate[] {
    this.forget(nowMs);
    return [...this.#mates.values()].filter((mate) => mate.tenant === tenant).toSorted(byPlace);
  }

  /** Those of a node, wherever they work. */
  of(tenant: TenantId, nodeId: string): Mate[] {
    const mates = [...this.#mates.values()];
    return mates.filter((mate) => mate.tenant === tenant && mate.node.nodeId === nodeId);
  }

  /** All of all tenants. */
  all(): Iterable<Mate> {
    return this.#mates.values();
  }

  count(): number {
    return this.#mates.size;
  }

  /** Whether anybody here holds anything. */
  get isBusy(): boolean {
    return this.#holders.size > 0;
  }

  /** Those that asked from time to time, and have not for long, are gone; so are lapsed holds. */
  forget(nowMs: number): void {
    for (const mate of this.#mates.values()) {
      if (mate.line !== undefined) continue;
      if (nowMs - mate.seenMs > awayMs) this.leave(mate);
      for (const [id, { fence, leaseMs = nowMs }] of mate.holds) {
        if (leaseMs < nowMs) this.drop(mate, id, fence);
      }
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

function byPlace(one: Mate, other: Mate): number {
  const [left, right] = [one, other].map((mate) => placeOf(mate).join("\0"));
  return (left ?? "") < (right ?? "") ? -1 : 1;
}

function keyOf({ tenant, node, worker }: Mate): string {
  return [tenant, node.nodeId, worker.queue, worker.name].join("/");
}

import type { Cell, Entry } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { admitPush, admitRelay, place, type Clerk } from "./admit.ts";
import type { Limits } from "./limits.ts";
import type { Item, Log, LogAnswer, LogRequest, Result, Standing } from "./log.ts";
import { emptyMark, stampOf } from "./mark.ts";
import type { Rules } from "./rules.ts";
import { MemoryShelf } from "./shelf.ts";
import type { Staging } from "./staging.ts";
import { covers, dominates, type Vector } from "./vector.ts";

type Asked<T extends LogRequest["type"]> = Extract<LogRequest, { type: T }>;
type Answered<T extends LogAnswer["type"]> = Extract<LogAnswer, { type: T }>;

/** The log in memory: it passes what PostgreSQL's passes, and the simulator runs on it. */
export class MemoryLog implements Log {
  /** The incarnation that stamps. */
  hub: string;
  shelves = new Map<string, MemoryShelf>();
  readonly #rules: Rules;
  readonly #limits: Limits;
  #rebuilt = 0;

  constructor(hub: string, rules: Rules, limits: Limits) {
    this.hub = hub;
    this.#rules = rules;
    this.#limits = limits;
  }

  answer(request: LogRequest, nowMs: number): LogAnswer {
    if (request.type === "look") return this.#look(request, nowMs);
    if (request.type === "commit") return this.#commit(request, nowMs);
    if (request.type === "page") return this.#page(request);
    if (request.type === "part") return this.#part(request);
    const { key, peer, seq, epoch, forGood } = request;
    const shelf = this.#peek(key);
    if (epoch !== shelf.epoch) return { type: "lease", key, peer, seq };
    const untilMs = forGood ? Number.POSITIVE_INFINITY : nowMs + this.#limits.leaseMs;
    // One that comes late, or lapsed and let places go, changes nothing: another may hold more.
    if (seq >= shelf.horizon) shelf.leases.set(peer, { seq, untilMs });
    return { type: "lease", key, peer, seq };
  }

  /** Of a log that nobody has written to nothing is kept but the leases of hubs that follow. */
  #peek(key: string): MemoryShelf {
    return this.shelves.get(key) ?? new MemoryShelf(this.hub);
  }

  /** The stream's shelf, new if it had none. */
  shelf(key: string): MemoryShelf {
    const known = this.shelves.get(key);
    if (known !== undefined) return known;
    const shelf = new MemoryShelf(this.hub);
    this.shelves.set(key, shelf);
    return shelf;
  }

  /** Another life, after a backup was restored: no stamp and no place is given out twice. */
  reincarnate(hub: string): void {
    this.hub = hub;
    for (const shelf of this.shelves.values()) shelf.epoch = hub;
  }

  /** Truncates every log as far as leases let it, keeping the newest places. */
  truncate(kept: number, nowMs: number): void {
    for (const shelf of this.shelves.values()) {
      const held = [...shelf.leases.values()].filter((lease) => this.#rules.holds(lease, nowMs));
      const free = Math.min(shelf.head - kept, ...held.map(({ seq }) => seq));
      if (free <= shelf.horizon) continue;
      shelf.truncate(free);
      // A lease that lapsed does not come back with a clock that does.
      for (const [peer, { seq }] of shelf.leases) if (seq < free) shelf.leases.delete(peer);
    }
  }

  #look(
    { ref, tenant, stream, replica, vector, parent, child }: Asked<"look">,
    nowMs: number,
  ): Answered<"look"> {
    const shelf = child === undefined ? this.#peek(ref.key) : this.shelf(ref.key);
    const mark = shelf.markOf(replica) ?? emptyMark(replica);
    if (parent !== undefined) holdForParent(shelf, parent, nowMs + this.#limits.leaseMs);
    const atParent = parent === undefined ? shelf.head : (shelf.leases.get(parent)?.seq ?? 0);
    const from = firstUncovered(shelf, vector);
    if (child !== undefined && dominates(vector, shelf.horizonVector)) {
      shelf.leases.set(child, { seq: from, untilMs: nowMs + this.#limits.leaseMs });
    }
    const settled = (shelf.writtenAt.get(replica) ?? 0) <= atParent;
    return {
      type: "look",
      ref,
      tenant,
      stream,
      standing: standingOf(shelf),
      horizon: shelf.horizon,
      horizonVector: shelf.horizonVector,
      mark,
      settledCtr: settled ? mark.ctr : 0,
      from,
    };
  }

  #commit({ key, items, parent }: Asked<"commit">, nowMs: number): Answered<"commit"> {
    const shelf = this.shelf(key);
    const isFirst = shelf.head === 0;
    if (isFirst && parent !== undefined) holdForParent(shelf, parent, nowMs + this.#limits.leaseMs);
    const clerk = { hub: this.hub, rules: this.#rules, limits: this.#limits, nowMs };
    const results = items.map((item) => this.#take(shelf, clerk, item));
    return { type: "commit", key, results, standing: standingOf(shelf) };
  }

  #take(shelf: MemoryShelf, clerk: Clerk, item: Item): Result {
    const { session } = item;
    if (item.type === "push") {
      const done = admitPush(shelf, clerk, item);
      return { type: "push", session, push: item.push, done };
    }
    if (item.type === "relay") {
      const done = admitRelay(shelf, clerk, item.entries);
      return { type: "relay", session, id: item.id, count: item.entries.length, done };
    }
    adopt(shelf, clerk, item.staging, `${this.hub}.${++this.#rebuilt}.${nowKey(clerk.nowMs)}`);
    return { type: "adopt", session };
  }

  #page({ ref, after, bytesMax, opsMax }: Asked<"page">): Answered<"page"> {
    const shelf = this.#peek(ref.key);
    const gone = after < shelf.horizon;
    const entries = gone ? [] : upTo(shelf.after(after), bytesMax, opsMax);
    const to = entries.at(-1)?.seq ?? after;
    const digest = to === shelf.head ? shelf.digest : undefined;
    const { epoch } = shelf;
    return { type: "page", ref, epoch, after, to, entries, gone, digest };
  }

  #part({ ref, after, cellsMax }: Asked<"part">): Answered<"part"> {
    const shelf = this.#peek(ref.key);
    const keys = [...shelf.cells.keys()].filter((key) => after === undefined || key > after);
    const page = keys.toSorted().slice(0, cellsMax);
    const last = page.length === keys.length;
    const cells = page.flatMap((key): Cell[] => {
      const cell = shelf.cells.get(key);
      return cell === undefined ? [] : [this.#rules.inSnapshot(cell)];
    });
    const marks = last ? [...shelf.marks.values()] : [];
    return { type: "part", ref, after, cells, marks, last, standing: standingOf(shelf) };
  }
}

/** Where a shelf stands. */
export function standingOf({ epoch, head, vector }: MemoryShelf): Standing {
  return { epoch, head, vector };
}

/** Before a parent has ever been there what it lacks is not forgotten; a former one's may be. */
function holdForParent({ leases }: MemoryShelf, parent: string, untilMs: number): void {
  const held = leases.get(parent);
  if (held?.untilMs === Number.POSITIVE_INFINITY) return;
  for (const [peer, lease] of leases) {
    if (!Number.isFinite(lease.untilMs)) leases.set(peer, { ...lease, untilMs });
  }
  leases.set(parent, { seq: held?.seq ?? 0, untilMs: Number.POSITIVE_INFINITY });
}

/** The place up to which all is in a vector. */
function firstUncovered(shelf: MemoryShelf, vector: Vector): number {
  const missing = shelf.log.find((entry) => !covers(vector, stampOf(entry)));
  return missing === undefined ? shelf.head : missing.seq - 1;
}

function upTo(entries: readonly Entry[], bytesMax: number, opsMax: number): readonly Entry[] {
  let bytes = 0;
  const end = entries.findIndex((entry, at) => {
    bytes += entry.op.length;
    return at > 0 && (bytes > bytesMax || at >= opsMax);
  });
  return end === -1 ? entries : entries.slice(0, end);
}

/** What another hub holds, and after it what only this one has: a new log. */
function adopt(shelf: MemoryShelf, clerk: Clerk, staging: Staging, epoch: string): void {
  // Never over places that are gone here and that it lacks; another snapshot will have them.
  if (!dominates(staging.vector, shelf.horizonVector)) return;
  const own = shelf.log.filter((entry) => !covers(staging.vector, stampOf(entry)));
  for (const key of shelf.cells.keys()) shelf.keepCell(key, undefined);
  for (const [key, cell] of staging.cells) shelf.keepCell(key, cell);
  shelf.marks.clear();
  for (const mark of staging.marks.values()) shelf.keepMark(mark);
  const { vector } = staging;
  Object.assign(shelf, { epoch, head: 0, horizon: 0, vector, horizonVector: vector, log: [] });
  shelf.writtenAt.clear();
  for (const [peer, lease] of shelf.leases) {
    // Hubs below follow another log now: they begin with a snapshot too.
    if (Number.isFinite(lease.untilMs)) shelf.leases.delete(peer);
    else shelf.leases.set(peer, { ...lease, seq: 0 });
  }
  for (const entry of own) place(shelf, clerk, entry);
}

function nowKey(nowMs: number): string {
  return Math.floor(nowMs).toString(36);
}

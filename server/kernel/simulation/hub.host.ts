import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Shelved } from "../sync/hub.state.ts";
import type { Limits } from "../sync/limits.ts";
import { MemoryLog, standingOf } from "../sync/memory.ts";
import { dominates } from "../sync/vector.ts";
import type { Ground } from "./ground.ts";
import { HubProcess } from "./hub.process.ts";
import type { HubPlan } from "./topology.ts";

const unheardShare = 0.1;
const heardMsMax = 60;

interface Backup {
  readonly shelves: MemoryLog["shelves"];
  readonly streams: Map<string, { readonly tenant: string; readonly stream: Stream }>;
}

/** A hub: its disk, and the processes that serve it. */
export class HubHost {
  readonly name: string;
  readonly zones: readonly string[];
  readonly limits: Limits;
  readonly processes: readonly HubProcess[];
  parent: HubHost | undefined;
  readonly log: MemoryLog;
  streams: Backup["streams"] = new Map();
  skewMs = 0;
  #backup: Backup = { shelves: new Map(), streams: new Map() };
  readonly #ground: Ground;

  constructor(ground: Ground, plan: HubPlan, parent: HubHost | undefined, limits: Limits) {
    const { name, zones, processes } = plan;
    this.name = name;
    this.zones = zones;
    this.parent = parent;
    this.limits = limits;
    this.#ground = ground;
    this.log = new MemoryLog(`${name}-0`, ground.build.rules, limits);
    this.processes = Array.from({ length: processes }, (_, at) => {
      return new HubProcess(ground, this, processes > 1 ? `${name}/${at + 1}` : name);
    });
  }

  get isUp(): boolean {
    return this.processes.every(({ isUp }) => isUp);
  }

  get nowMs(): number {
    return this.#ground.startMs + this.#ground.agenda.nowMs + this.skewMs;
  }

  /** The process that a balancer would send the next connection to. */
  door(): HubProcess {
    const up = this.processes.filter(({ isUp }) => isUp);
    return this.#ground.chance.pick(up.length > 0 ? up : this.processes);
  }

  /** All that its disk holds, as a process that starts reads it. */
  shelved(): (Shelved & { readonly key: string })[] {
    return [...this.streams].map(([key, each]) => {
      return { key, ...each, standing: standingOf(this.log.shelf(key)) };
    });
  }

  /** All processes lose what they have in memory, and come back. */
  crash(awayMs: number): void {
    for (const each of this.processes) each.crash(awayMs);
  }

  backUp(): void {
    const shelves = new Map([...this.log.shelves].map(([key, shelf]) => [key, shelf.copy()]));
    this.#backup = { shelves, streams: new Map(this.streams) };
  }

  /** Loses its disk, and comes back with what the last backup holds. */
  restore(awayMs: number): void {
    if (!this.isUp) return;
    this.crash(awayMs);
    const { build, chance, watch } = this.#ground;
    watch.lost(this, this.#backup.shelves, this.#ground.hubs);
    this.log.shelves = new Map([...this.#backup.shelves].map(([key, s]) => [key, s.copy()]));
    this.streams = new Map(this.#backup.streams);
    build.revive(this.log, `${this.name}-${chance.name()}`);
  }

  /** Gets another parent, as an operator would do it: by its configuration, and a restart. */
  moveUnder(parent: HubHost, awayMs: number): void {
    this.parent = parent;
    this.crash(awayMs);
  }

  /** Whether its parent has all that it holds. */
  isDrained(): boolean {
    const { parent } = this;
    if (parent === undefined) return true;
    return [...this.streams].every(([key, { stream }]) => {
      const { leases, head } = this.log.shelf(key);
      return !parent.zones.includes(stream.zone) || leases.get(parent.name)?.seq === head;
    });
  }

  /** Whether its parent knows all that is truncated here: else its log cannot go up. */
  goesUp(): boolean {
    const { parent } = this;
    if (parent === undefined) return true;
    return [...this.streams].every(([key, { stream }]) => {
      if (!parent.zones.includes(stream.zone)) return true;
      const known = parent.log.shelves.get(key)?.vector ?? {};
      return dominates(known, this.log.shelf(key).horizonVector);
    });
  }

  /** Whether one of its processes has a connection to the parent. */
  hasUplink(tenant: string): boolean {
    return this.processes.some(({ uplinks }) => uplinks.has(tenant));
  }

  /** Notifies the other processes of what one has done; late, in any order, or not at all. */
  tell(by: HubProcess, key: string): void {
    const { agenda, chance } = this.#ground;
    const others = this.processes.filter((each) => each !== by);
    if (others.length === 0) return;
    const grown = this.grown(key);
    for (const other of others) {
      if (chance.happens(unheardShare)) continue;
      agenda.after(1 + chance.below(heardMsMax), () => other.hear(grown));
    }
  }

  /** How a stream stands on the disk. */
  grown(key: string) {
    const shelf = this.log.shelf(key);
    const { parent } = this;
    const atParent = parent === undefined ? undefined : shelf.leases.get(parent.name)?.seq;
    const whose = this.streams.get(key);
    return {
      type: "grown",
      key,
      standing: standingOf(shelf),
      ...(whose === undefined ? {} : { whose }),
      ...(atParent === undefined ? {} : { atParent }),
    } as const;
  }
}

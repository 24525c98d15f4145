import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { LogRequest } from "../sync/log.ts";
import type { Limits } from "../sync/limits.ts";
import { MemoryLog, standingOf } from "../sync/memory.ts";
import {
  newHub,
  type HubEffect,
  type HubEvent,
  type HubState,
  type Opened,
} from "../sync/hub.state.ts";
import type { Actor, Wire } from "./net.ts";
import type { Ground } from "./ground.ts";

const slowShare = 0.05;
const tornShare = 0.006;
const dialMs = 50;

interface Backup {
  readonly shelves: MemoryLog["shelves"];
  readonly streams: Map<string, { readonly tenant: string; readonly stream: Stream }>;
}

/** A hub's process and disk. */
export class HubHost implements Actor {
  readonly name: string;
  readonly zones: readonly string[];
  readonly parent: HubHost | undefined;
  readonly limits: Limits;
  isUp = true;
  log: MemoryLog;
  state: HubState;
  #streams: Backup["streams"] = new Map();
  #backup: Backup = { shelves: new Map(), streams: new Map() };
  readonly #ground: Ground;
  /** What was asked before a crash is not answered after it. */
  #life = 0;

  constructor(
    ground: Ground,
    name: string,
    zones: readonly string[],
    parent: HubHost | undefined,
    limits: Limits,
  ) {
    this.name = name;
    this.zones = zones;
    this.parent = parent;
    this.limits = limits;
    this.#ground = ground;
    this.log = new MemoryLog(`${name}-0`, ground.build.rules, limits);
    this.state = this.#boot();
  }

  onFrame(wire: Wire, frame: Frame): void {
    this.#step({ type: "frame", session: wire.id, frame });
  }

  onClosed(wire: Wire): void {
    this.#step({ type: "closed", session: wire.id });
    if (wire.dialer === this) this.#dialLater(wire.tenant);
  }

  /** Somebody has connected. */
  opened(opened: Opened): void {
    this.#step({ type: "opened", ...opened });
  }

  /** Loses what it has in memory, and comes back. */
  crash(awayMs: number): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.#life++;
    this.#ground.net.closeAll(this);
    this.#ground.agenda.after(awayMs, () => {
      this.isUp = true;
      this.state = this.#boot();
    });
  }

  backUp(): void {
    const shelves = new Map([...this.log.shelves].map(([key, shelf]) => [key, shelf.copy()]));
    this.#backup = { shelves, streams: new Map(this.#streams) };
  }

  /** Loses its disk, and comes back with what the last backup holds. */
  restore(awayMs: number): void {
    if (!this.isUp) return;
    this.crash(awayMs);
    const { build, chance, watch } = this.#ground;
    watch.lost(this, this.#backup.shelves, this.#ground.hubs);
    this.log.shelves = new Map([...this.#backup.shelves].map(([key, s]) => [key, s.copy()]));
    this.#streams = new Map(this.#backup.streams);
    build.revive(this.log, `${this.name}-${chance.name()}`);
  }

  #boot(): HubState {
    const { build, agenda } = this.#ground;
    const shelved = [...this.#streams].map(([key, each]) => {
      return { ...each, standing: standingOf(this.log.shelf(key)) };
    });
    const parent = this.parent && { name: this.parent.name, zones: this.parent.zones };
    const { zones, limits } = this;
    const { rules } = build;
    agenda.after(0, () => {
      for (const tenant of this.#ground.tenants) if (this.isUp) this.#dialLater(tenant);
    });
    return newHub({ hub: this.log.hub, zones, parent, rules, limits }, shelved);
  }

  #dialLater(tenant: string): void {
    const { agenda, chance } = this.#ground;
    const life = this.#life;
    if (this.parent === undefined) return;
    agenda.after(dialMs + chance.below(4 * dialMs), () => {
      if (this.isUp && life === this.#life) this.#dial(tenant);
    });
  }

  #dial(tenant: string): void {
    const { net } = this.#ground;
    const { parent } = this;
    if (parent === undefined) return;
    const wire = net.dial(this, parent, tenant);
    if (wire === undefined) {
      this.#dialLater(tenant);
      return;
    }
    const session = wire.id;
    const hub = { writes: true };
    parent.opened({ session, tenant, zones: this.zones, peer: "CHILD", name: this.name, ...hub });
    this.opened({
      session,
      tenant,
      zones: parent.zones,
      peer: "PARENT",
      name: parent.name,
      ...hub,
    });
  }

  #step(event: HubEvent): void {
    const { build, watch } = this.#ground;
    const effects = build.stepHub(this.state, event);
    watch.stepped(this, effects);
    for (const effect of effects) this.#run(effect);
  }

  #run(effect: HubEffect): void {
    const { net, watch } = this.#ground;
    if (effect.type === "ask") {
      this.#ask(effect.request);
      return;
    }
    if (effect.type === "incident") {
      watch.incident(this.name, effect.reason);
      return;
    }
    const wire = net.wires.get(effect.session);
    if (wire === undefined) return;
    if (effect.type === "send") net.send(wire, this, effect.frame);
    else net.close(wire);
  }

  /** The disk takes its time; a crash meanwhile leaves all of a commit, or nothing. */
  #ask(request: LogRequest): void {
    const { agenda, chance, net } = this.#ground;
    const life = this.#life;
    const isSlow = !net.isCalm && chance.happens(slowShare);
    const diskMs = isSlow ? chance.between(50, 300) : chance.between(1, 6);
    const isTorn = request.type === "commit" && !net.isCalm && chance.happens(tornShare);
    agenda.after(diskMs, () => {
      if (!this.isUp || life !== this.#life) return;
      if (isTorn && chance.happens(0.5)) {
        this.crash(chance.between(100, 800));
        return;
      }
      const answer = this.#carryOut(request);
      if (isTorn) this.crash(chance.between(100, 800));
      agenda.after(chance.below(3), () => {
        if (this.isUp && life === this.#life) this.#step({ type: "answered", answer });
      });
    });
  }

  #carryOut(request: LogRequest) {
    const { agenda, startMs, watch } = this.#ground;
    if (request.type === "look") {
      const { tenant, stream } = request;
      this.#streams.set(request.ref.key, { tenant, stream });
    }
    const answer = this.log.answer(request, startMs + agenda.nowMs);
    if (request.type === "commit") watch.committed(this, request.key, answer);
    return answer;
  }
}

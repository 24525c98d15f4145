import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { applyPatch, heldCtr, newHold, seenCell, type Hold } from "../sync/hold.ts";
import type { Limits } from "../sync/limits.ts";
import { lastOf } from "../sync/spoke.outflow.ts";
import {
  newSpoke,
  type SpokeEffect,
  type SpokeEvent,
  type SpokeState,
} from "../sync/spoke.state.ts";
import type { Ground } from "./ground.ts";
import type { HubHost } from "./hub.host.ts";
import type { Actor, Wire } from "./net.ts";
import type { Plan } from "./plan.ts";
import { signed } from "./signer.ts";
import { wishFor } from "./wishes.ts";

const slowShare = 0.05;
const dialMs = 30;
const rehomeShare = 0.15;
const tickMs = 500;
const minuteMs = 60_000;
const radix = 36;

/** How a replica lives. */
export interface Life {
  readonly tenant: string;
  readonly zones: readonly string[];
  readonly streams: readonly Stream[];
  /** Hubs it may connect to. */
  readonly hubs: readonly HubHost[];
  readonly skewMs: number;
  /** Each request is a short session of its own. */
  readonly halfDuplex: boolean;
  /** How long ago its key was made. */
  readonly keyAgeMs: number;
  /** Keeps nothing, and is gone when its outbox is empty. */
  readonly isAgent: boolean;
}

/** A replica's process and disk. */
export class SpokeHost implements Actor {
  readonly name: string;
  readonly replica: string;
  readonly zones: readonly string[];
  readonly life: Life;
  isUp = true;
  /** It writes nothing more. */
  isDone = false;
  /** It is gone for ever. */
  isGone = false;
  skewMs: number;
  state: SpokeState;
  disk = new Map<string, Hold>();
  wire: Wire | undefined;
  #home: HubHost;
  readonly #ground: Ground;
  readonly #limits: Limits;
  readonly #calmness: number;
  /** Effects after a save wait until it is on disk. */
  #waiting: SpokeEffect[] = [];
  #isSaving = false;
  #run = 0;

  constructor(ground: Ground, name: string, life: Life, { limits, calmness }: Plan) {
    const { agenda, chance, startMs } = ground;
    this.name = name;
    const madeMs = startMs + agenda.nowMs - life.keyAgeMs;
    const minute = Math.floor(madeMs / minuteMs).toString(radix);
    this.replica = `${minute}-${name}`;
    this.zones = life.zones;
    this.life = life;
    this.skewMs = life.skewMs;
    this.#ground = ground;
    this.#limits = limits;
    this.#calmness = life.isAgent ? 1 : calmness;
    this.#home = chance.pick(life.hubs);
    ground.watch.owns(this.replica, life.tenant);
    this.state = this.#boot();
    for (const stream of life.streams) this.step({ type: "subscribe", stream });
    agenda.after(chance.below(dialMs), () => this.dial());
    agenda.after(chance.below(2 * dialMs), () => this.#work());
    agenda.after(tickMs, () => this.#tick());
  }

  get nowMs(): number {
    return this.#ground.startMs + this.#ground.agenda.nowMs + this.skewMs;
  }

  onFrame(wire: Wire, frame: Frame): void {
    this.step({ type: "frame", session: wire.id, frame });
  }

  onClosed(wire: Wire): void {
    if (wire !== this.wire) return;
    this.wire = undefined;
    this.step({ type: "closed", session: wire.id });
    if (!this.isGone && this.#ground.chance.happens(rehomeShare)) this.rehome();
    this.#dialLater();
  }

  rehome(): void {
    this.#home = this.#ground.chance.pick(this.life.hubs);
  }

  dial(): void {
    const { net, agenda, chance } = this.#ground;
    if (!this.isUp || this.isGone || this.wire !== undefined) return;
    const { tenant, halfDuplex } = this.life;
    const door = this.#home.door();
    const wire = net.dial(this, door, tenant, halfDuplex);
    if (wire === undefined) {
      if (chance.happens(2 * rehomeShare)) this.rehome();
      this.#dialLater();
      return;
    }
    this.wire = wire;
    const { name, zones } = this;
    door.opened({ session: wire.id, tenant, zones, peer: "REPLICA", name, writes: true });
    this.step({ type: "opened", session: wire.id });
    if (halfDuplex && !net.isCalm) agenda.after(chance.between(60, 200), () => net.close(wire));
  }

  /** Loses what it has in memory, and comes back with what its disk has. */
  crash(awayMs: number): void {
    if (!this.isUp || this.isGone) return;
    this.isUp = false;
    this.#run++;
    this.#waiting = [];
    this.#isSaving = false;
    const { net, agenda, build } = this.#ground;
    net.closeAll(this);
    this.wire = undefined;
    agenda.after(awayMs, () => {
      this.isUp = true;
      for (const hold of this.disk.values()) build.wake(hold);
      this.state = this.#boot();
      this.dial();
    });
  }

  step(event: SpokeEvent): void {
    const { build, watch } = this.#ground;
    watch.beforeStep(this);
    const effects = build.stepSpoke(this.state, event, this.nowMs);
    watch.afterStep(this, effects);
    this.#waiting.push(...effects);
    this.#runNext();
  }

  /** Whether hubs have all it wrote, as it knows. */
  get isDrained(): boolean {
    return [...this.disk.values()].every(
      ({ ackedCtr, ctr, quarantine }) => ackedCtr + quarantine.size >= ctr,
    );
  }

  /** Hands what hubs may lack to a peer that follows the same streams, signed by its author. */
  handTo(peer: SpokeHost): void {
    const { watch, signers } = this.#ground;
    for (const [key, hold] of this.state.holds) {
      if (!peer.state.holds.has(key)) continue;
      const all = [...hold.ops.values()]
        .filter(({ replica, ctr }) => ctr > Math.min(heldCtr(hold, replica), hold.ackedCtr))
        .filter(({ replica, ctr }) => this.#isOnDisk(key, replica, ctr))
        .toSorted((one, other) => one.ctr - other.ctr);
      const own = all.filter(({ replica }) => replica === this.replica);
      const others = all.filter(({ segment }) => segment !== undefined);
      const ops = [...signed(signers, this.life.tenant, hold, own), ...others];
      watch.handed(this, peer, hold.stream);
      if (ops.length > 0) watch.happened("ops are handed to a peer");
      peer.step({ type: "handed", stream: hold.stream, ops });
    }
  }

  #isOnDisk(key: string, replica: string, ctr: number): boolean {
    const hold = this.disk.get(key);
    return hold !== undefined && lastOf(hold, replica) >= ctr;
  }

  #boot(): SpokeState {
    const { rules } = this.#ground.build;
    const { replica, zones } = this;
    const { tenant } = this.life;
    const holds = new Map([...this.disk].map(([key, hold]) => [key, copyOf(hold)]));
    return newSpoke({ replica, tenant, zones, rules, limits: this.#limits, holds });
  }

  /** Follows again what it had stopped to follow. */
  resume(): void {
    for (const key of this.state.paused) {
      const stream = this.state.holds.get(key)?.stream;
      if (stream !== undefined && this.isUp) this.step({ type: "subscribe", stream });
    }
  }

  #dialLater(): void {
    const { agenda, chance } = this.#ground;
    agenda.after(dialMs + chance.below(5 * dialMs), () => this.dial());
  }

  #tick(): void {
    if (this.isGone) return;
    if (this.isUp) this.step({ type: "tick", passedMs: tickMs });
    this.#ground.agenda.after(tickMs, () => this.#tick());
  }

  #work(): void {
    if (this.isDone || this.isGone) return;
    const { agenda, chance } = this.#ground;
    if (this.isUp) this.write();
    agenda.after(this.#calmness * chance.between(20, 140), () => this.#work());
  }

  /** Writes one op, somewhere. */
  write(): void {
    const { chance, build } = this.#ground;
    const [key, hold] = chance.pick([...this.state.holds]);
    const look = (cell: string) => seenCell(hold, cell, build.rules.written);
    const wish = wishFor(chance, look);
    this.step({ type: "write", stream: hold.stream, wish });
    this.#ground.watch.wrote(this, key);
  }

  #runNext(): void {
    while (!this.#isSaving) {
      const effect = this.#waiting.shift();
      if (effect === undefined) return;
      this.#carryOut(effect);
    }
  }

  #carryOut(effect: SpokeEffect): void {
    const { net, agenda, chance, watch } = this.#ground;
    if (effect.type === "incident") {
      watch.incident(this.name, effect.reason);
      return;
    }
    if (effect.type !== "save") {
      if (this.wire?.id !== effect.session) return;
      if (effect.type === "send") net.send(this.wire, this, effect.frame);
      else net.close(this.wire);
      return;
    }
    const run = this.#run;
    const isSlow = !net.isCalm && chance.happens(slowShare);
    if (isSlow) watch.happened("a replica's disk is slow");
    this.#isSaving = true;
    agenda.after(isSlow ? chance.between(20, 120) : chance.below(4), () => {
      if (run !== this.#run) return;
      const { key } = effect.patch;
      const stream = this.state.holds.get(key)?.stream;
      if (stream === undefined) return;
      const hold = this.disk.get(key) ?? newHold(stream);
      this.disk.set(key, hold);
      applyPatch(hold, effect.patch);
      watch.saved(this, key, hold);
      this.#isSaving = false;
      this.#runNext();
    });
  }
}

function copyOf(hold: Hold): Hold {
  return {
    ...hold,
    cells: new Map(hold.cells),
    marks: new Map(hold.marks),
    ops: new Map(hold.ops),
    quarantine: new Map(hold.quarantine),
    overlay: new Map([...hold.overlay].map(([key, over]) => [key, new Map(over)])),
    carried: new Map(hold.carried),
  };
}

import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import {
  newHub,
  type HubEffect,
  type HubEvent,
  type HubState,
  type Opened,
} from "../sync/hub.state.ts";
import type { LogAnswer, LogRequest } from "../sync/log.ts";
import type { Ground } from "./ground.ts";
import type { HubHost } from "./hub.host.ts";
import type { Actor, Wire } from "./net.ts";
import { isCarriedRightly } from "./signer.ts";

const slowShare = 0.05;
const tornShare = 0.006;
const dialMs = 50;
const pollMs = 250;

/** One process of a hub: a driver of its state machine, as the product has one. */
export class HubProcess implements Actor {
  readonly name: string;
  readonly hub: HubHost;
  isUp = true;
  state: HubState;
  /** Its connections to the parent, by tenant. */
  readonly uplinks = new Map<string, Wire>();
  readonly #ground: Ground;
  /** What was asked before a crash is not answered after it. */
  #life = 0;

  constructor(ground: Ground, hub: HubHost, name: string) {
    this.#ground = ground;
    this.hub = hub;
    this.name = name;
    this.state = this.#boot();
  }

  get zones(): readonly string[] {
    return this.hub.zones;
  }

  onFrame(wire: Wire, frame: Frame): void {
    const { watch, signers } = this.#ground;
    if (!isCarriedRightly(signers, this.state.sessions.get(wire.id), frame)) {
      watch.violated("INV-3", `${this.name} was brought ops that their author did not sign`);
    }
    this.#step({ type: "frame", session: wire.id, frame });
  }

  onClosed(wire: Wire): void {
    if (this.uplinks.get(wire.tenant) === wire) this.uplinks.delete(wire.tenant);
    this.#step({ type: "closed", session: wire.id });
  }

  /** Somebody has connected. */
  opened(opened: Opened): void {
    this.#step({ type: "opened", ...opened });
  }

  /** Another process has committed. */
  hear(grown: Extract<HubEvent, { type: "grown" }>): void {
    if (this.isUp) this.#step(grown);
  }

  /** Loses what it has in memory, and comes back. */
  crash(awayMs: number): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.#life++;
    this.#ground.net.closeAll(this);
    this.uplinks.clear();
    this.#ground.agenda.after(awayMs, () => {
      this.isUp = true;
      this.state = this.#boot();
    });
  }

  #boot(): HubState {
    const { build, agenda, tenants } = this.#ground;
    const { zones, limits, log, parent } = this.hub;
    const above = parent && { name: parent.name, zones: parent.zones };
    const { rules } = build;
    const life = this.#life;
    agenda.after(0, () => {
      for (const tenant of tenants) this.#keepUp(tenant, life);
      if (this.hub.processes.length > 1) this.#poll(life);
    });
    const shelved = this.hub.shelved();
    return newHub({ hub: log.hub, zones, parent: above, rules, limits }, shelved);
  }

  /** Keeps a connection to the parent, if no other process of the hub has one. */
  #keepUp(tenant: string, life: number): void {
    const { agenda, chance } = this.#ground;
    if (this.hub.parent === undefined) return;
    agenda.after(dialMs + chance.below(4 * dialMs), () => {
      if (!this.isUp || life !== this.#life) return;
      if (!this.hub.hasUplink(tenant)) this.#dial(tenant);
      this.#keepUp(tenant, life);
    });
  }

  #dial(tenant: string): void {
    const { parent } = this.hub;
    if (parent === undefined) return;
    const listener = parent.door();
    const wire = this.#ground.net.dial(this, listener, tenant);
    if (wire === undefined) return;
    this.uplinks.set(tenant, wire);
    // Another process may have taken a snapshot meanwhile: what is said is what the disk has.
    for (const key of this.hub.streams.keys()) this.hear(this.hub.grown(key));
    const session = wire.id;
    const hub = { session, tenant, writes: true };
    listener.opened({ ...hub, zones: this.zones, peer: "CHILD", name: this.hub.name });
    this.opened({ ...hub, zones: parent.zones, peer: "PARENT", name: parent.name });
  }

  /** Looks at the disk now and then, for what it was not told. */
  #poll(life: number): void {
    const { agenda, chance } = this.#ground;
    agenda.after(pollMs + chance.below(pollMs), () => {
      if (!this.isUp || life !== this.#life) return;
      for (const key of this.hub.streams.keys()) this.hear(this.hub.grown(key));
      this.#poll(life);
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
    const { agenda, chance, net, watch } = this.#ground;
    const life = this.#life;
    const isSlow = !net.isCalm && chance.happens(slowShare);
    const diskMs = isSlow ? chance.between(50, 300) : chance.between(1, 6);
    const isTorn = request.type === "commit" && !net.isCalm && chance.happens(tornShare);
    if (isSlow) watch.happened("a hub's disk is slow");
    agenda.after(diskMs, () => {
      if (!this.isUp || life !== this.#life) return;
      if (isTorn) watch.happened("a group commit is torn");
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

  #carryOut(request: LogRequest): LogAnswer {
    const { hub } = this;
    if (request.type === "look") {
      const { tenant, stream } = request;
      const { key } = request.ref;
      const isNew = !hub.streams.has(key);
      hub.streams.set(key, { tenant, stream });
      if (isNew) hub.tell(this, key);
    }
    const answer = hub.log.answer(request, hub.nowMs);
    if (answer.type === "commit") this.#ground.watch.committed(hub, answer.key, answer);
    if (answer.type === "commit" || answer.type === "lease") hub.tell(this, answer.key);
    return answer;
  }
}

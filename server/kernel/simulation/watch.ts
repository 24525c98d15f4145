import {
  Refusal,
  Slot,
  type Dot,
  type Entry,
  type Stream,
} from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Resume } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { sameBytes } from "../bytes.ts";
import { dotKey } from "../sync/dot.ts";
import type { Hold } from "../sync/hold.ts";
import type { HubEffect } from "../sync/hub.state.ts";
import type { LogAnswer } from "../sync/log.ts";
import { dotOfEntry, emptyMark, isRefused, stampOf } from "../sync/mark.ts";
import { streamKey } from "../sync/op.ts";
import type { MemoryShelf } from "../sync/shelf.ts";
import { lastOf } from "../sync/spoke.outflow.ts";
import type { SpokeEffect } from "../sync/spoke.state.ts";
import { dominates } from "../sync/vector.ts";
import { lanesInverted } from "./lanes.watch.ts";
import type { HubHost } from "./hub.host.ts";
import type { HubProcess } from "./hub.process.ts";
import type { Actor, Wire } from "./net.ts";
import type { Plan } from "./plan.ts";
import type { SpokeHost } from "./spoke.host.ts";

/** An invariant that did not hold. */
export interface Violation {
  readonly invariant: string;
  readonly what: string;
  readonly ms: number;
}

const violationsMax = 30;

/** An op as its author wrote it. */
export interface Authored {
  readonly key: string;
  readonly tenant: string;
  readonly bytes: Uint8Array;
  readonly isAgents: boolean;
}

/** Sees everything that happens, and says what must not have. */
export class Watch {
  readonly violations: Violation[] = [];
  /** By stream and dot. */
  readonly authored = new Map<string, Authored>();
  readonly acked = new Set<string>();
  /** Ops that took effect at some hub, and their stream. */
  readonly accepted = new Map<string, { readonly key: string; readonly entry: Entry }>();
  /** Ops that only a lost disk had. */
  readonly excused = new Set<string>();
  readonly incidents = new Map<string, number>();
  /** What went wrong, and how often. */
  readonly faults = new Map<string, number>();
  /** Why ops were refused, by stream and dot. */
  readonly #refusals = new Map<string, string>();
  /** Where a hub's disk is lost now and then, some promises are weaker. */
  readonly hasLosses: boolean;
  /** Ops that hubs got from hubs: all, and of them those they had. */
  relayed = 0;
  known = 0;
  readonly #stamps = new Map<string, string>();
  readonly #heads = new Map<string, number>();
  readonly #now: () => number;
  readonly #tenants = new Map<string, string>();
  #shown = new Map<string, Map<string, number>>();

  readonly #lastStamps = new Map<string, number>();

  readonly #plan: Plan;

  constructor(now: () => number, plan: Plan) {
    this.#plan = plan;
    this.#now = now;
    this.hasLosses = plan.hasLosses;
  }

  violated(invariant: string, what: string): void {
    if (this.violations.length >= violationsMax) return;
    this.violations.push({ invariant, what, ms: this.#now() });
  }

  /** How many ops were refused, by reason. */
  get refused(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const why of this.#refusals.values()) counts.set(why, (counts.get(why) ?? 0) + 1);
    return counts;
  }

  /** Something went wrong, as it was meant to. */
  happened(kind: string): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
  }

  incident(who: string, reason: string): void {
    this.incidents.set(reason, (this.incidents.get(reason) ?? 0) + 1);
    if (reason === "DIGEST_DIFFERS") this.violated("INV-2", `${who} differs from its hub`);
    if (reason === "REFUSED") this.violated("INV-6", `${who} was refused a stream of its zone`);
    if (reason === "INCARNATION_REUSED") this.violated("INV-3", `${who} reuses its stamps`);
    const isHeld = reason === "CHILD_BEHIND_HORIZON" && !this.#plan.hasShortLeases;
    const isLost = reason === "PARENT_BEHIND_HORIZON" && !this.#plan.hasMoves;
    if (isHeld || isLost) this.violated("INV-10", `${who}: ${reason}`);
    if (reason === "WENT_BACK" && !this.hasLosses) this.violated("INV-5", `${who} went back`);
  }

  wrote(spoke: SpokeHost, key: string): void {
    const hold = spoke.state.holds.get(key);
    const op = hold?.ops.get(`${spoke.replica}:${hold.ctr}`);
    if (hold === undefined || op === undefined) return;
    const name = `${streamKey(spoke.life.tenant, hold.stream)} ${spoke.replica}:${hold.ctr}`;
    const { tenant, isAgent } = spoke.life;
    this.authored.set(name, { key, tenant, bytes: op.bytes, isAgents: isAgent });
  }

  /** A replica's disk has something new: what is acknowledged now must never be lost. */
  saved(spoke: SpokeHost, _key: string, hold: Hold): void {
    const whole = streamKey(spoke.life.tenant, hold.stream);
    for (const [dot, { refusal }] of hold.quarantine) {
      this.#refusals.set(`${whole} ${dot}`, Refusal[refusal]);
    }
    for (let ctr = hold.ackedCtr; ctr > 0; ctr--) {
      const dot = `${spoke.replica}:${ctr}`;
      if (this.acked.has(`${whole} ${dot}`)) return;
      if (!hold.quarantine.has(dot)) this.acked.add(`${whole} ${dot}`);
    }
  }

  /** A frame leaves: zones and tenants are walls for every one. */
  sent(wire: Wire, from: Actor, to: Actor, { frame }: Frame): void {
    if (frame.case === undefined || frame.case === "bye") return;
    const { stream } = frame.value;
    if (stream === undefined) return;
    for (const actor of [from, to]) {
      if (!actor.zones.includes(stream.zone) && !this.#isRefusal(frame)) {
        this.violated("INV-6", `${frame.case} of ${stream.zone} between ${from.name}, ${to.name}`);
      }
    }
    for (const replica of writersIn(frame)) {
      const owner = this.#tenantOf(replica);
      if (owner !== undefined && owner !== wire.tenant) {
        this.violated("INV-7", `${owner}'s op on a session of ${wire.tenant}`);
      }
    }
  }

  /** Peers hand ops to each other: the same wall. */
  handed(from: Actor, to: Actor, { zone }: Stream): void {
    if (from.zones.includes(zone) && to.zones.includes(zone)) return;
    this.violated("INV-6", `ops of ${zone} handed from ${from.name} to ${to.name}`);
  }

  #isRefusal(frame: Frame["frame"]): boolean {
    return frame.case === "resumed" && frame.value.mode === Resume.REFUSED;
  }

  /** Notes whose a replica is. */
  owns(replica: string, tenant: string): void {
    this.#tenants.set(replica, tenant);
  }

  #tenantOf(replica: string): string | undefined {
    return this.#tenants.get(replica);
  }

  /** A hub has a commit on its disk. */
  committed(hub: HubHost, key: string, answer: LogAnswer): void {
    if (answer.type !== "commit") return;
    for (const result of answer.results) {
      if (result.type !== "relay") continue;
      this.known += result.done.known;
    }
    const shelf = hub.log.shelf(key);
    const at = `${hub.name} ${key} ${shelf.epoch}`;
    const before = this.#heads.get(at) ?? shelf.horizon;
    this.#heads.set(at, shelf.head);
    for (const entry of shelf.after(Math.max(before, shelf.horizon))) this.#placed(hub, key, entry);
  }

  #placed(hub: HubHost, key: string, entry: Entry): void {
    const stamp = stampOf(entry);
    const name = `${key} ${dotKey(dotOfEntry(entry))}`;
    if (stamp.hub !== hub.log.hub) this.relayed++;
    const stampKey = `${key} ${stamp.hub} ${stamp.ctr}`;
    const known = this.#stamps.get(stampKey);
    if (known !== undefined && known !== name) {
      this.violated("INV-3", `${stampKey} stands for ${known} and ${name}`);
    }
    this.#stamps.set(stampKey, name);
    this.#inOrder(hub, key, stamp);
    if (entry.slot !== Slot.EFFECT) return;
    this.accepted.set(name, { key, entry });
    const author = this.authored.get(name);
    if (author !== undefined && !sameBytes(author.bytes, entry.op)) {
      this.violated("INV-1", `${name} has other bytes at ${hub.name}`);
    }
  }

  /** In every log the stamps of a hub follow each other without a gap. */
  #inOrder(hub: HubHost, key: string, stamp: { hub: string; ctr: number }): void {
    const at = `${hub.name} ${key} ${hub.log.shelf(key).epoch} ${stamp.hub}`;
    const last = this.#lastStamps.get(at);
    this.#lastStamps.set(at, stamp.ctr);
    if (last === undefined || stamp.ctr === last + 1) return;
    this.violated("INV-3", `${hub.name} has ${stamp.hub}:${stamp.ctr} after ${last} of ${key}`);
  }

  /** A hub has taken a step: what it sends is checked against what it holds. */
  stepped(process: HubProcess, effects: readonly HubEffect[]): void {
    const { hub, state } = process;
    for (const effect of effects) {
      if (effect.type !== "send") continue;
      const { frame } = effect.frame;
      const session = state.sessions.get(effect.session);
      if (session === undefined || frame.case !== "resumed") continue;
      if (frame.value.mode !== Resume.SNAPSHOT) continue;
      const feed = [...session.feeds.values()].find(({ stream }) => stream === frame.value.stream);
      if (feed === undefined) continue;
      const lease = hub.log.shelf(feed.key).leases.get(session.name);
      // One that has no end is a parent's: this child was that before.
      const isChilds = lease !== undefined && Number.isFinite(lease.untilMs);
      const isHeld = isChilds && lease.untilMs > hub.nowMs;
      if (session.peer === "CHILD" && isHeld) {
        this.violated("INV-10", `${session.name} is behind the horizon of ${hub.name}`);
      }
      const seen = feed.hello?.vector ?? {};
      const hasAll = dominates(hub.log.shelf(feed.key).vector, seen);
      if (session.peer === "REPLICA" && !hasAll && !frame.value.behind) {
        this.violated("INV-5", `${hub.name} shows ${session.name} less than it has seen`);
      }
    }
    for (const what of lanesInverted(process, effects)) this.violated("INV-8", what);
  }

  /** What a replica shows must not shrink, whatever step it takes. */
  beforeStep(spoke: SpokeHost): void {
    this.#shown = shownBy(spoke, (key) => spoke.state.links.get(key)?.staging !== undefined);
  }

  afterStep(spoke: SpokeHost, effects: readonly SpokeEffect[]): void {
    const isSwap = effects.some((effect) => effect.type === "save" && effect.patch.swap);
    if (!isSwap || this.hasLosses) return;
    const now = shownBy(spoke, (key) => this.#shown.has(key));
    for (const [key, before] of this.#shown) {
      for (const [replica, ctr] of before) {
        if ((now.get(key)?.get(replica) ?? 0) >= ctr) continue;
        this.violated("INV-5", `${spoke.name} forgot ${replica}:${ctr} of ${key}`);
      }
    }
  }

  /** A disk is lost: what no other hub has never was, unless its author brings it again. */
  lost(hub: HubHost, kept: ReadonlyMap<string, MemoryShelf>, hubs: readonly HubHost[]): void {
    const has = (shelf: MemoryShelf | undefined, { replica, ctr }: Dot) => {
      const mark = shelf?.markOf(replica) ?? emptyMark(replica);
      return mark.ctr >= ctr && !isRefused(mark, ctr);
    };
    for (const [key, shelf] of hub.log.shelves) {
      for (const dot of shelf.after(shelf.horizon).map(dotOfEntry)) {
        if (has(kept.get(key), dot)) continue;
        const name = `${key} ${dotKey(dot)}`;
        this.excused.add(name);
        const isElsewhere = hubs.some(
          (other) => other !== hub && has(other.log.shelves.get(key), dot),
        );
        if (!isElsewhere) this.accepted.delete(name);
      }
    }
  }
}

function shownBy(
  spoke: SpokeHost,
  concerns: (key: string) => boolean,
): Map<string, Map<string, number>> {
  const shown = new Map<string, Map<string, number>>();
  for (const [key, hold] of spoke.state.holds) {
    if (!concerns(key)) continue;
    const replicas = new Set([...hold.marks.keys(), ...hold.carried.keys()]);
    shown.set(key, new Map(Array.from(replicas, (replica) => [replica, lastOf(hold, replica)])));
  }
  return shown;
}

/** The replicas whose ops a frame carries. */
function writersIn(frame: Frame["frame"]): string[] {
  if (frame.case === "push") return [frame.value.replica];
  if (frame.case === "batch") return frame.value.entries.map((entry) => dotOfEntry(entry).replica);
  if (frame.case !== "snapshotPart") return [];
  return frame.value.cells.flatMap(({ siblings }) => siblings.map(({ dot }) => dot?.replica ?? ""));
}

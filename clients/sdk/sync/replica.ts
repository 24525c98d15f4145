import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { defaultLimits } from "@foedus/kernel/sync/limits.ts";
import { newReplica } from "@foedus/kernel/sync/replica.ts";
import { soundRules } from "@foedus/kernel/sync/rules.ts";
import { hello } from "@foedus/kernel/sync/spoke.open.ts";
import { stepSpoke } from "@foedus/kernel/sync/spoke.ts";
import { applyPatch, type Hold, type Patch } from "@foedus/kernel/sync/hold.ts";
import {
  newSpoke,
  type SpokeEffect,
  type SpokeEvent,
  type SpokeState,
} from "@foedus/kernel/sync/spoke.state.ts";
import type { World } from "@foedus/kernel/world.ts";
import { FoedusError } from "../error.ts";
import type { SyncDisk } from "./disk.ts";
import { Offered } from "./offered.ts";
import { Order, type Queued } from "./order.ts";
import { isRenewable, renewed, rewritten } from "./renewal.ts";
import type { SyncIncident } from "./status.ts";

/** What a replica runs on. */
export interface ReplicaKit {
  readonly world: World;
  readonly disk: SyncDisk;
  /** Whose streams; only a name towards this disk, for the hub knows it by itself. */
  readonly tenant: string;
  /** The hub's time, where somebody knows it; else it is learned with each session. */
  readonly now?: () => number;
  /** Told that there is an incident. */
  readonly changed?: () => void;
}

/** Where frames go while there is a session. */
export interface Wire {
  readonly session: string;
  send(frame: Frame): void;
  close(reason: string): void;
}

/** Hears of each patch once it holds in memory. */
export type Heed = (patch: Patch) => void;

const tickMs = 2_000;

/**
 * One replica: the core's state, its disk, and the order between them. All collections of a
 * process that share a disk are one replica.
 */
export class Replica {
  readonly state: SpokeState;
  /** How far its own ops may be known elsewhere. */
  readonly offered: Offered;
  readonly #kit: ReplicaKit;
  readonly #zones: string[];
  readonly #order: Order;
  readonly #heeds = new Set<Heed>();
  readonly #listeners = new Set<(frame: Frame) => void>();
  readonly #revisions = new Map<string, number>();
  readonly #savedCtrs = new Map<string, number>();
  readonly #ended = new AbortController();
  #wire: Wire | undefined;
  #skewMs = 0;
  #incident: SyncIncident | undefined;

  constructor(kit: ReplicaKit, replica: string, holds: Map<string, Hold>) {
    this.#kit = kit;
    this.#zones = [...new Set([...holds.values()].map(({ stream }) => stream.zone))];
    const { tenant } = kit;
    const [rules, limits] = [soundRules, defaultLimits];
    this.state = newSpoke({ replica, tenant, zones: this.#zones, rules, limits, holds });
    this.offered = new Offered(replica, holds);
    for (const [key, { ctr }] of holds) this.#savedCtrs.set(key, ctr);
    this.#order = new Order({
      world: kit.world,
      save: (group) => this.#save(group),
      perform: (each) => this.#perform(each),
      failed: (error) => this.#end(error),
    });
    this.#tick();
  }

  /** Aborts when it is closed, or its disk failed; its reason is a FoedusError. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** The last thing that its operator should hear of. */
  get incident(): SyncIncident | undefined {
    return this.#incident;
  }

  /** The stream's key, from now on followed. */
  follow(stream: Stream, schemaRevision = 0): string {
    if (!this.#zones.includes(stream.zone)) this.#zones.push(stream.zone);
    const key = this.state.rules.keyOf(this.state.tenant, stream);
    this.#revisions.set(key, schemaRevision);
    this.step({ type: "subscribe", stream });
    return key;
  }

  /** What is held of a stream that is followed. */
  hold(key: string): Hold {
    const hold = this.state.holds.get(key);
    if (hold === undefined) throw new Error(`${key} is not followed`);
    return hold;
  }

  /** The last of its own ops that is on its disk: only these may be shown to peers. */
  savedCtr(key: string): number {
    return this.#savedCtrs.get(key) ?? 0;
  }

  /** Lets the core take an event, and carries out what comes of it. */
  step(event: SpokeEvent): void {
    this.#ended.signal.throwIfAborted();
    this.#queueUp(stepSpoke(this.state, event, this.now()));
    if (event.type === "frame") for (const listen of this.#listeners) listen(event.frame);
  }

  /** The hub's time, as well as it is known: hubs refuse what is written by a clock ahead of it. */
  now(): number {
    return this.#kit.now?.() ?? this.#kit.world.clock.now() + this.#skewMs;
  }

  /** A hub has said what time it is. */
  learnTime(hubMs: number): void {
    this.#skewMs = hubMs - this.#kit.world.clock.now();
  }

  /** Changes what is held without an event of the core, for example a quarantine. */
  patch(patch: Patch): void {
    this.#ended.signal.throwIfAborted();
    applyPatch(this.hold(patch.key), patch);
    this.#queueUp([{ type: "save", patch }]);
  }

  /** Resolves once all that was written so far is on disk. */
  saved(): Promise<void> {
    return this.#order.saved();
  }

  /** Hears of each patch. */
  heed(heed: Heed): void {
    this.#heeds.add(heed);
  }

  /** Hears of each frame of the hub once the core has taken it. */
  listen(listen: (frame: Frame) => void): void {
    this.#listeners.add(listen);
  }

  /** A session begins. */
  opened(wire: Wire): void {
    this.#wire = wire;
    this.step({ type: "opened", session: wire.session });
  }

  /** It has ended, by whichever side. */
  closed({ session }: Wire): void {
    if (this.#wire?.session !== session) return;
    this.#wire = undefined;
    if (!this.#ended.signal.aborted) this.step({ type: "closed", session });
  }

  /** Goes on under a new key where the old one grows old, and nothing hangs on it any more. */
  renew(): void {
    const { replica, holds } = this.state;
    if (!this.#order.isIdle || !isRenewable(replica, holds, this.now())) return;
    this.#goOn((_next, key, hold) => renewed(replica, key, hold));
  }

  /** A hub knows the key as another's: goes on under a new one, with what no hub surely has. */
  taken(): void {
    this.#note("KEY_TAKEN", "");
    this.#rekey();
  }

  #rekey(): void {
    const [old, nowMs] = [this.state.replica, this.now()];
    this.#goOn((next, key, hold) => rewritten({ old, next, nowMs }, key, hold));
  }

  #goOn(patchOf: (next: string, key: string, hold: Hold) => Patch): void {
    const wire = this.#wire;
    if (wire !== undefined) this.closed(wire);
    const next = keyAt(this.#kit, this.now());
    Object.assign(this.state, { replica: next });
    this.#order.add({ type: "renewed", replica: next });
    const patches = [...this.state.holds].map(([key, hold]) => patchOf(next, key, hold));
    for (const patch of patches) applyPatch(this.hold(patch.key), patch);
    this.#queueUp(patches.map((patch) => ({ type: "save", patch })));
    wire?.close("it goes on under a new key");
  }

  /** Asks once more for a stream that the hub refused: it may have changed its mind. */
  again(key: string): void {
    const { links, session } = this.state;
    if (this.#ended.signal.aborted || session === undefined) return;
    if (links.get(key)?.mode === "REFUSED") this.#queueUp(hello(this.state, key));
  }

  /** Keeps what is on its way to the disk, and ends. */
  async close(): Promise<void> {
    await this.saved().catch(() => undefined);
    this.#end(new FoedusError(Reason.SYNC_CLOSED));
    await this.#kit.disk.close();
  }

  #queueUp(effects: readonly SpokeEffect[]): void {
    this.offered.note(this.state, effects);
    // First: whoever hears of it may take the next step.
    this.#order.add(...effects);
    for (const effect of effects) {
      if (effect.type === "save") for (const heed of this.#heeds) heed(effect.patch);
    }
  }

  async #save(group: readonly Queued[]): Promise<void> {
    this.#ended.signal.throwIfAborted();
    const saves = group.flatMap((each) => {
      if (each.type !== "save") return [];
      return [{ stream: this.hold(each.patch.key).stream, patch: each.patch }];
    });
    const renewed = group.find(({ type }) => type === "renewed");
    const replica = renewed?.type === "renewed" ? renewed.replica : undefined;
    if (saves.length > 0 || replica !== undefined) await this.#kit.disk.save(saves, replica);
    for (const { patch } of saves) {
      if (patch.ctr !== undefined) this.#savedCtrs.set(patch.key, patch.ctr);
    }
  }

  #perform(effect: Queued): void {
    if (effect.type === "incident") this.#note(effect.reason, effect.key);
    if (effect.type === "incident" && effect.reason === "KEY_BURNT") this.#rekey();
    if (effect.type !== "send" && effect.type !== "close") return;
    if (effect.session !== this.#wire?.session) return;
    if (effect.type === "send") this.#wire.send(this.#said(effect.frame));
    else this.#wire.close(effect.reason);
  }

  #note(reason: SyncIncident["reason"], stream: string): void {
    const { reason: before, stream: of } = this.#incident ?? {};
    // What is refused again is no news.
    if (reason === "REFUSED" && before === reason && of === stream) return;
    this.#incident = { reason, stream, sinceMs: this.now() };
    this.#kit.changed?.();
  }

  /** A hello says by which revision the program writes. */
  #said(frame: Frame): Frame {
    const { case: is, value } = frame.frame;
    if (is === "hello" && value.stream !== undefined) {
      const key = this.state.rules.keyOf(this.state.tenant, value.stream);
      value.schemaRevision = this.#revisions.get(key) ?? 0;
    }
    return frame;
  }

  #end(reason: unknown): void {
    this.#ended.abort(reason);
    this.#wire?.close("the replica has ended");
    this.#wire = undefined;
  }

  #tick(): void {
    this.#kit.world.timers.after(tickMs, () => {
      if (this.#ended.signal.aborted) return;
      this.step({ type: "tick", passedMs: tickMs });
      this.renew();
      this.#tick();
    });
  }
}

/** A key says when it was made, by the hub's clock: it is refused once it is old. */
function keyAt({ world: { clock, random } }: ReplicaKit, nowMs: number): string {
  return newReplica({ clock: { ...clock, now: () => nowMs }, random });
}

/** Opens what a disk holds. @throws FoedusError as the disk says */
export async function openReplica(kit: ReplicaKit): Promise<Replica> {
  const nowMs = kit.now?.() ?? kit.world.clock.now();
  const { replica, holds } = await kit.disk.load(keyAt(kit, nowMs));
  // What another tenant left there is neither shown to this one's hub nor touched.
  for (const [key, { stream }] of holds) {
    if (soundRules.keyOf(kit.tenant, stream) !== key) holds.delete(key);
  }
  const opened = new Replica(kit, replica, holds);
  opened.renew();
  return opened;
}

import { create } from "@bufbuild/protobuf";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import { FoedusError } from "../error.ts";
import { linked } from "../signals.ts";
import type { Carrier } from "./carrier.ts";
import { collectionOf } from "./collection.open.ts";
import { checkStream, type CollectionOptions } from "./collection.options.ts";
import type { Collection } from "./collection.ts";
import { jsonCodec, type Codec, type Json } from "./codec.ts";
import { keepContact, type Contact } from "./contact.ts";
import type { SyncDisk } from "./disk.ts";
import { Looks } from "./looks.ts";
import { earlyIn, writeAgain } from "./early.ts";
import { openReplica, type Replica } from "./replica.ts";
import { Refused } from "./refused.ts";
import { Shelf } from "./shelf.ts";
import type { SyncStatus } from "./status.ts";

/** What collections run on. */
export interface CollectionsKit {
  readonly world: World;
  readonly disk: SyncDisk;
  /** Whose; towards this disk. */
  readonly tenant: string;
  /** Undefined where no hub is ever asked, for example in a test. */
  readonly carrier: Carrier | undefined;
  /** The hub's time, where somebody knows it; else it is learned with each session. */
  readonly now?: () => number;
  /** No hub is asked any more once it aborts. */
  readonly ended?: AbortSignal;
  readonly moving?: () => AbortSignal;
  readonly hopeful?: () => AbortSignal;
  /** Bytes of writes that may wait for the hub: 64 MiB unless told otherwise. */
  readonly outboxBytesMax?: number;
  /** Whether peers are shown what no hub was offered yet. */
  readonly shown?: boolean;
  /** Told that something about the contact or the outbox may have changed. */
  readonly changed?: () => void;
}

const outboxBytesDefault = 64 * 1024 * 1024;
/** How long `close` waits for writes that are on their way to the hub. */
const drainMs = 2_000;

/** The collections of one process on one disk: one replica, and one session with the hub. */
export class Collections implements AsyncDisposable {
  readonly replica: Replica;
  readonly #kit: CollectionsKit;
  readonly #shelves = new Map<string, Shelf>();
  readonly #contact: Promise<void>;
  readonly #looks = new Looks();
  readonly #refused: Refused;
  readonly #leaving = new AbortController();
  #now: Contact;

  constructor(kit: CollectionsKit, replica: Replica) {
    this.replica = replica;
    this.#kit = kit;
    this.#refused = new Refused(kit.world, (key) => replica.again(key));
    const waiting = new FoedusError(Reason.HUB_UNREACHABLE, {
      address: "the hub",
      detail: "not yet",
    });
    this.#now = { opened: undefined, waiting: { error: waiting, sinceMs: kit.world.clock.now() } };
    for (const key of replica.state.holds.keys()) this.#shelf(key);
    replica.heed((patch) => {
      this.#shelf(patch.key).note(patch);
      this.#looks.look();
      kit.changed?.();
      const early = earlyIn(replica, patch);
      // Once the core is done with what it is at.
      if (early.length > 0) queueMicrotask(() => writeAgain(replica, patch.key, early));
    });
    replica.listen((frame) => this.#hear(frame));
    this.#contact = kit.carrier === undefined ? Promise.resolve() : this.#keepContact(kit.carrier);
  }

  /** Aborts when they are closed, or their disk failed; its reason is a FoedusError. */
  get signal(): AbortSignal {
    return this.replica.signal;
  }

  /** A collection, or a part of one, from now on followed. */
  collection<Value = Json>(
    name: string,
    options: CollectionOptions<Value> = {},
  ): Collection<Value> {
    this.signal.throwIfAborted();
    const { zone = "world", lane = 2, partition = "", schemaRevision = 0 } = options;
    const stream = create(StreamSchema, { collection: name, zone, lane, partition });
    checkStream(stream);
    const shelf = this.#shelf(this.replica.follow(stream, schemaRevision));
    const overflow = () => this.#overflow(shelf, options);
    const room = (bytes: number, signal?: AbortSignal) => this.#room(bytes, overflow, signal);
    const parts = { replica: this.replica, shelf, looks: this.#looks, room };
    // Whoever names another type of values names its codec, too.
    const codec = options.codec ?? (jsonCodec as unknown as Codec<Value>);
    return collectionOf(parts, { ...options, codec });
  }

  /** How the contact is, and what waits, over all collections. */
  status(): SyncStatus {
    const { opened, waiting } = this.#now;
    const streams = [...this.#shelves.values()].map(({ standing }) => standing.status());
    return {
      replica: this.replica.state.replica,
      connected: opened !== undefined,
      waiting: waiting && { reason: waiting.error.message, sinceMs: waiting.sinceMs },
      incident: this.replica.incident,
      outboxOps: streams.reduce((sum, { outboxOps }) => sum + outboxOps, 0),
      outboxBytes: this.#outboxBytes(),
      streams,
    };
  }

  /** Waits a moment for what is on its way, and leaves; what is left goes out the next time. */
  async close(): Promise<void> {
    if (!this.signal.aborted && this.#now.opened !== undefined) await this.#drained();
    this.#leaving.abort(new FoedusError(Reason.SYNC_CLOSED));
    await this.#contact;
    await this.replica.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #drained(): Promise<void> {
    using late = linked(this.signal);
    const timer = this.#kit.world.timers.after(drainMs, () => late.abort());
    const isDone = ({ standing }: Shelf) =>
      standing.ops === 0 || standing.status().mode === "REFUSED";
    const isEmpty = () => [...this.#shelves.values()].every(isDone);
    await this.#looks.until(isEmpty, late.signal).catch(() => undefined);
    timer.cancel();
  }

  #keepContact(carrier: Carrier): Promise<void> {
    const { world, moving, hopeful, ended } = this.#kit;
    const ends = [this.#leaving.signal, this.signal, ...(ended === undefined ? [] : [ended])];
    const signal = AbortSignal.any(ends);
    const told = (contact: Contact) => {
      this.#now = contact;
      this.#kit.changed?.();
    };
    return keepContact({ world, replica: this.replica, carrier, signal, moving, hopeful, told });
  }

  #shelf(key: string): Shelf {
    const known = this.#shelves.get(key);
    if (known !== undefined) return known;
    const shelf = new Shelf(this.replica, key, this.#kit.world);
    this.#shelves.set(key, shelf);
    return shelf;
  }

  #hear(frame: Frame): void {
    const { case: is, value } = frame.frame;
    if ((is !== "resumed" && is !== "batch") || value.stream === undefined) return;
    const { rules, tenant } = this.replica.state;
    const key = rules.keyOf(tenant, value.stream);
    this.#refused.hear(key, frame);
    this.#shelves.get(key)?.standing.hear(frame);
    this.#kit.changed?.();
  }

  #outboxBytes(): number {
    let bytes = 0;
    for (const { standing } of this.#shelves.values()) bytes += standing.bytes;
    return bytes;
  }

  /** Makes room where that is asked for; whether a write waits for more of it. */
  #overflow(shelf: Shelf, { overflow = "throw" }: Pick<CollectionOptions, "overflow">): boolean {
    if (overflow === "collapse" && this.#kit.shown !== true) shelf.collapse();
    return overflow === "wait";
  }

  /** Lets a write in at once, or makes it wait, or refuses it. */
  #room(bytes: number, overflow: () => boolean, signal?: AbortSignal): Promise<void> | undefined {
    const { outboxBytesMax: limit = outboxBytesDefault } = this.#kit;
    const fits = () => this.#outboxBytes() + bytes <= limit;
    if (fits()) return undefined;
    const waits = overflow();
    if (fits()) return undefined;
    if (!waits) {
      throw new FoedusError(Reason.SYNC_OUTBOX_FULL, { waiting: this.#outboxBytes(), limit });
    }
    const either = linked(this.signal, signal);
    return this.#looks.until(fits, either.signal).finally(() => either[Symbol.dispose]());
  }
}

/** Opens what a disk holds, and begins to look for the hub. @throws FoedusError as the disk says */
export async function openCollectionsOn(kit: CollectionsKit): Promise<Collections> {
  return new Collections(kit, await openReplica(kit));
}

import { Resume, type Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotKey, dotOf } from "@foedus/kernel/sync/dot.ts";
import type { Hold, Patch } from "@foedus/kernel/sync/hold.ts";
import { joined, type Vector } from "@foedus/kernel/sync/vector.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { Replica } from "./replica.ts";
import type { StreamSyncStatus } from "./status.ts";

/** What is counted of one stream beside what the core holds. */
export class Standing {
  readonly #replica: Replica;
  readonly #key: string;
  readonly #world: World;
  readonly #sizes = new Map<number, number>();
  #bytes = 0;
  #hub: Vector = {};
  #refusal: Refusal | undefined;
  #levelMs: number;
  #author: string;

  constructor(replica: Replica, key: string, world: World) {
    this.#replica = replica;
    this.#key = key;
    this.#world = world;
    this.#levelMs = world.clock.monotonic();
    this.#author = replica.state.replica;
    const { ops, ctr, ackedCtr } = this.#hold;
    for (let each = ackedCtr + 1; each <= ctr; each++) {
      const op = ops.get(dotKey(dotOf(replica.state.replica, each)));
      if (op !== undefined) this.#grow(each, op.bytes.length);
    }
  }

  get #hold(): Hold {
    return this.#replica.hold(this.#key);
  }

  /** Bytes of writes that no hub has. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many of them there are. */
  get ops(): number {
    return this.#sizes.size;
  }

  /** Takes note of what was written, and of what a hub has or refused. */
  note({ ops = [], quarantined = [], ackedCtr = 0 }: Patch): void {
    const { replica } = this.#replica.state;
    // Numbers begin again with a key.
    if (replica !== this.#author) for (const ctr of this.#sizes.keys()) this.#shrink(ctr);
    this.#author = replica;
    for (const op of ops) if (op.replica === replica) this.#grow(op.ctr, op.bytes.length);
    for (const op of quarantined) if (op.replica === replica) this.#shrink(op.ctr);
    for (const ctr of this.#sizes.keys()) {
      if (ctr > ackedCtr) break;
      this.#shrink(ctr);
    }
  }

  /** Takes note of what the hub says of itself. */
  hear({ frame }: Frame): void {
    if (frame.case === "resumed") {
      const { mode, refusal, vector } = frame.value;
      this.#refusal = mode === Resume.REFUSED ? refusal : undefined;
      this.#hub = vector;
    } else if (frame.case === "batch") {
      this.#hub = joined(this.#hub, frame.value.vector);
    }
    if (this.#lagOps() === 0) this.#levelMs = this.#world.clock.monotonic();
  }

  status(): StreamSyncStatus {
    const hold = this.#hold;
    const link = this.#replica.state.links.get(this.#key);
    const mode = this.#replica.state.session === undefined ? "AWAY" : (link?.mode ?? "OPENING");
    const lagOps = this.#lagOps();
    const isLevel = mode === "LIVE" && lagOps === 0;
    const sinceMs = this.#world.clock.monotonic() - this.#levelMs;
    if (isLevel) this.#levelMs += sinceMs;
    const { collection, partition, zone, lane } = hold.stream;
    return {
      collection,
      partition,
      zone,
      lane,
      mode,
      lagOps,
      refusal: mode === "REFUSED" ? this.#refusal : undefined,
      seq: hold.cursor?.seq ?? 0,
      head: (hold.cursor?.seq ?? 0) + lagOps,
      lagMs: isLevel ? 0 : Math.round(sinceMs),
      outboxOps: this.ops,
      outboxBytes: this.#bytes,
      unsettledOps: hold.ctr - hold.settledCtr,
      quarantined: [...hold.quarantine.values()].filter(({ taken }) => taken !== true).length,
    };
  }

  #lagOps(): number {
    const { vector } = this.#hold;
    const missing = ([hub, ctr]: [string, number]) => Math.max(0, ctr - (vector[hub] ?? 0));
    return Object.entries(this.#hub).reduce((sum, each) => sum + missing(each), 0);
  }

  #grow(ctr: number, bytes: number): void {
    this.#bytes += bytes - (this.#sizes.get(ctr) ?? 0);
    this.#sizes.set(ctr, bytes);
  }

  #shrink(ctr: number): void {
    this.#bytes -= this.#sizes.get(ctr) ?? 0;
    this.#sizes.delete(ctr);
  }
}

import { toBinary } from "@bufbuild/protobuf";
import { QueueSchema, type Queue } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { queuesOf, type QueueKit } from "./queue.flow.ts";

/** A queue, and its bytes as one text: what tells whether it changed. */
export interface Looked {
  readonly queue: Queue;
  readonly text: string;
}

interface Look {
  readonly atMs: number;
  /** How long it took; without end while it is under way, so that nobody starts another one. */
  tookMs: number;
  readonly queues: Promise<readonly Looked[]>;
}

const pageMax = 500;
/** Of the time that looking takes, so many times as much passes until it is looked again. */
const restFactor = 4;

/** All queues of tenants, for all who watch them: one look each so often, however many they are. */
export class Queues {
  readonly #kit: QueueKit;
  readonly #looks = new Map<TenantId, Look>();
  #count = 0;

  constructor(kit: QueueKit) {
    this.#kit = kit;
  }

  /** How often it was looked. */
  get looks(): number {
    return this.#count;
  }

  /**
   * As they stood no longer ago than this; where they are very many, than looking at them allows. 0
   * is now, whatever it takes.
   */
  of(tenant: TenantId, freshMs: number): Promise<readonly Looked[]> {
    const { clock } = this.#kit.storage.world;
    const nowMs = clock.monotonic();
    const known = this.#looks.get(tenant);
    if (known !== undefined && freshMs > 0) {
      const { atMs, tookMs, queues } = known;
      if (nowMs - atMs < Math.max(freshMs, (1 + restFactor) * tookMs)) return queues;
    }
    const look: Look = { atMs: nowMs, tookMs: Infinity, queues: this.#look(tenant) };
    this.#looks.set(tenant, look);
    look.queues.then(
      () => (look.tookMs = clock.monotonic() - nowMs),
      () => this.#looks.delete(tenant),
    );
    return look.queues;
  }

  async #look(tenant: TenantId): Promise<Looked[]> {
    this.#count += 1;
    const all: Looked[] = [];
    for (let after = ""; ;) {
      const page = await queuesOf(this.#kit, tenant, { after, limit: pageMax });
      for (const queue of page) {
        const text = Buffer.from(toBinary(QueueSchema, queue)).toString("base64");
        all.push({ queue, text });
      }
      after = page.at(-1)?.name ?? "";
      if (page.length < pageMax) return all;
    }
  }
}

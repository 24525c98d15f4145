import type { Timer } from "@foedus/kernel/world.ts";
import type { Mate } from "./crew.flow.ts";
import type { WorkKit } from "./report.flow.ts";
import { endLeases, streamClaimId, unheardOf, type StreamWorker } from "./unheard.store.ts";

/** Who has its name as well, and works on at another process, has given a sign by then. */
const waitMs = 15_000;

/**
 * Tasks that a worker was given over an earlier stream and never said a word of, because the stream
 * or its hub broke, or it died of them: some time after it said what it holds their leases end.
 */
export class Unheard {
  readonly #kit: WorkKit;
  readonly #mate: () => Mate;
  #heard: Promise<void> = Promise.resolve();
  #timer: Timer | undefined;
  #isOver = false;

  constructor(kit: WorkKit, mate: () => Mate) {
    this.#kit = kit;
    this.#mate = mate;
  }

  /** A claim over this stream, by which it is found again. */
  claimId(): string {
    return streamClaimId(workerOf(this.#mate()), this.#kit.hub.world.random);
  }

  /** Words about tasks that the worker knows; they are stored in their order. */
  heard(stored: Promise<void>): void {
    this.#heard = stored;
  }

  /** The worker has said what it holds: it is looked once, after the first time. */
  said(): void {
    if (this.#isOver || this.#timer !== undefined) return;
    const heard = this.#heard;
    this.#timer = this.#kit.hub.world.timers.after(waitMs, () => {
      this.#look(heard).catch((error: unknown) => {
        this.#kit.hub.log.warn("what a worker never heard of is left to its lease", { error });
      });
    });
  }

  /** The stream is over: what is lost is for the next one to find. */
  stop(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }

  async #look(heard: Promise<void>): Promise<void> {
    await heard;
    const { tenant, sinceMs, ...who } = this.#mate();
    const given = await unheardOf(this.#kit.hub.storage, tenant, workerOf(who), sinceMs);
    if (this.#isOver) return;
    const { holds } = this.#mate();
    // Clocks are measured again and again: what came over this stream may seem older than it is.
    const lost = given.filter(({ id, fence }) => holds.get(id)?.fence !== fence);
    await endLeases(this.#kit.hub.storage, tenant, lost);
  }
}

function workerOf({ node, worker }: Pick<Mate, "node" | "worker">): StreamWorker {
  return { nodeId: node.nodeId, queue: worker.queue, name: worker.name };
}

import { backoffMs, type Backoff } from "@foedus/kernel/backoff.ts";
import type { NodeChain } from "@foedus/kernel/chain.ts";
import type { World } from "@foedus/kernel/world.ts";
import { linked } from "../../signals.ts";
import type { Circle, KnownPeer } from "./circle.ts";
import type { Desk } from "./desk.ts";
import type { PeerGround } from "./ground.ts";
import { visit } from "./visit.ts";

/** What rounds are made with. */
export interface RoundsKit {
  readonly world: World;
  readonly circle: Circle;
  readonly desk: Desk;
  readonly ground: PeerGround;
  readonly signal: AbortSignal;
  readonly own: () => { readonly chain: string; readonly key: string } | undefined;
  readonly judge: (presented: readonly Uint8Array[]) => NodeChain;
  readonly isLocal: () => boolean;
}

/** What came of asking peers, since the node was opened. */
export interface RoundsStatus {
  /** Ops of others that this node has from peers it asked. */
  readonly taken: number;
  /** Ops that it brought them. */
  readonly given: number;
  /** When a peer was asked last with success, by this machine's clock. */
  readonly visitMs: number | undefined;
  /** What went wrong last. */
  readonly problem: string | undefined;
}

/** A hub that does not answer for so long is away: a restart should not send everybody around. */
const awayMs = 1_500;
const lookMs = 250;

/** What changed in this time goes around together. */
const gatherMs = 100;

/** How many peers one round asks: what they have heard goes on from there. */
const visitsMax = 8;

/** Between two rounds in which nobody had anything new. */
const idle: Backoff = { firstMs: 1_000, lastMs: 15_000 };

/** A peer that does not answer is left in peace. */
const rest: Backoff = { firstMs: 2_000, lastMs: 60_000 };

/** Asks peers in turn while the hub is away, and nobody while it is there. */
export class Rounds {
  readonly #kit: RoundsKit;
  readonly #resting = new Map<string, { failures: number; untilMs: number }>();
  #wake: (() => void) | undefined;
  #changed = false;
  #hasBeenAway = false;
  #status: RoundsStatus = { taken: 0, given: 0, visitMs: undefined, problem: undefined };

  constructor(kit: RoundsKit) {
    this.#kit = kit;
  }

  status(): RoundsStatus {
    return this.#status;
  }

  /** Goes on until the signal aborts; never fails. */
  async run(): Promise<void> {
    this.#kit.ground.heed(() => this.#nudge());
    const { world, signal } = this.#kit;
    let quiet = 0;
    while (!signal.aborted) {
      if (!(await this.#isAway())) {
        quiet = 0;
        continue;
      }
      this.#changed = false;
      const isNews = await this.#round();
      quiet = isNews ? 0 : quiet + 1;
      const isNudged = await this.#pause(backoffMs(idle, Math.max(1, quiet), world.random));
      if (!isNudged) continue;
      quiet = 0;
      await world.timers.sleep(gatherMs * (0.5 + world.random.fraction()), signal);
    }
  }

  /** Looks for a while whether the hub is there. */
  async #isAway(): Promise<boolean> {
    const { world, signal, ground } = this.#kit;
    if (this.#hasBeenAway && ground.isAway()) return true;
    this.#hasBeenAway = false;
    const startMs = world.clock.monotonic();
    while (!signal.aborted && ground.isAway()) {
      if (world.clock.monotonic() - startMs >= awayMs) return (this.#hasBeenAway = true);
      await world.timers.sleep(lookMs, signal);
    }
    if (!signal.aborted) await world.timers.sleep(lookMs, signal);
    return false;
  }

  async #round(): Promise<boolean> {
    let isNews = false;
    for (const peer of this.#chosen()) {
      const { signal, ground } = this.#kit;
      if (signal.aborted || !ground.isAway()) break;
      isNews = (await this.#visit(peer)) || isNews;
    }
    await this.#kit.circle.save().catch(() => undefined);
    return isNews;
  }

  /** Some of those that may be asked now, in any order. */
  #chosen(): KnownPeer[] {
    const { world, circle } = this.#kit;
    const nowMs = world.clock.monotonic();
    return circle
      .peers()
      .filter(({ address }) => (this.#resting.get(address)?.untilMs ?? 0) <= nowMs)
      .map((peer) => ({ peer, turn: world.random.fraction() }))
      .toSorted((one, other) => one.turn - other.turn)
      .slice(0, visitsMax)
      .map(({ peer }) => peer);
  }

  async #visit(peer: KnownPeer): Promise<boolean> {
    const { world, signal } = this.#kit;
    try {
      const { taken, given, problems } = await visit(this.#kit, peer, signal);
      this.#resting.delete(peer.address);
      this.#status = {
        taken: this.#status.taken + taken,
        given: this.#status.given + given,
        visitMs: world.clock.now(),
        problem: problems.at(-1) ?? this.#status.problem,
      };
      return taken + given > 0;
    } catch (error) {
      const failures = (this.#resting.get(peer.address)?.failures ?? 0) + 1;
      const untilMs = world.clock.monotonic() + backoffMs(rest, failures, world.random);
      this.#resting.set(peer.address, { failures, untilMs });
      const problem = error instanceof Error ? error.message : String(error);
      this.#status = { ...this.#status, problem };
      return false;
    }
  }

  #nudge(): void {
    this.#changed = true;
    this.#wake?.();
  }

  /** Waits, and says whether something changed before the time was over. */
  async #pause(ms: number): Promise<boolean> {
    if (this.#changed) return true;
    using waiting = linked(this.#kit.signal);
    this.#wake = () => waiting.abort();
    await this.#kit.world.timers.sleep(ms, waiting.signal);
    this.#wake = undefined;
    return this.#changed;
  }
}

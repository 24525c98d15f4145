import { BreakerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Backoff } from "@foedus/kernel/backoff.ts";
import { backoffMs } from "@foedus/kernel/backoff.ts";
import type { World } from "@foedus/kernel/world.ts";
import { FoedusError } from "../error.ts";

/** So many failures of the link in a row open the breaker. */
export const failuresMax = 5;

/** How long an open breaker waits over a connection that stands and does not answer. */
const answerBackoff: Backoff = { firstMs: 1_000, lastMs: 30_000 };

/**
 * Spares a caller the wait for a hub that is away. It judges by what happened on the link and never
 * connects: that stays the business of the link, whose first call over a new connection is the one
 * that tries.
 */
export class Breaker {
  readonly #world: World;
  #state: BreakerState = BreakerState.CLOSED;
  #failures = 0;
  #opens = 0;
  /** How often it opened since it was last closed. */
  #rounds = 0;
  #againMs = 0;

  constructor(world: World) {
    this.#world = world;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Failures of the link since the last success. */
  get failures(): number {
    return this.#failures;
  }

  /** How often it opened. */
  get opens(): number {
    return this.#opens;
  }

  /** The link did what it is for. */
  succeeded(): void {
    this.#failures = 0;
    this.#rounds = 0;
    this.#state = BreakerState.CLOSED;
  }

  /** It did not; `againMs` is when it is tried next, where somebody knows. */
  failed(againMs?: number): void {
    this.#failures += 1;
    const trying = this.#state === BreakerState.HALF_OPEN;
    if (this.#state === BreakerState.CLOSED && this.#failures < failuresMax) return;
    if (this.#state !== BreakerState.OPEN) {
      // A try that fails leaves it as open as it was: that is no further opening.
      if (!trying) this.#opens += 1;
      this.#rounds += 1;
      this.#state = BreakerState.OPEN;
      this.#wait(againMs ?? backoffMs(answerBackoff, this.#rounds, this.#world.random));
    } else if (againMs !== undefined) {
      this.#wait(againMs);
    }
  }

  /** One call tries whether the hub is back. */
  trying(): void {
    if (this.#state === BreakerState.OPEN) this.#state = BreakerState.HALF_OPEN;
  }

  /** The one that tried gave up before there was an answer: the next may try at once. */
  abandoned(): void {
    if (this.#state !== BreakerState.HALF_OPEN) return;
    this.#state = BreakerState.OPEN;
    this.#wait(0);
  }

  /**
   * Lets a call pass, or not.
   *
   * @throws FoedusError HUB_UNREACHABLE, which says when the hub is tried next.
   */
  admit(address: string, connected: boolean): void {
    if (this.#state === BreakerState.CLOSED) return;
    const leftMs = Math.max(0, Math.round(this.#againMs - this.#world.clock.monotonic()));
    if (this.#state === BreakerState.OPEN && connected && leftMs === 0) return this.trying();
    const detail = `${this.#failures} tries in a row failed; the next is in ${leftMs} ms`;
    throw new FoedusError(Reason.HUB_UNREACHABLE, { address, detail, retry_ms: leftMs });
  }

  #wait(ms: number): void {
    this.#againMs = this.#world.clock.monotonic() + ms;
  }
}

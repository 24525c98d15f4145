import type { Hold } from "@foedus/kernel/sync/hold.ts";
import type { SpokeEffect, SpokeState } from "@foedus/kernel/sync/spoke.state.ts";

/**
 * How far a replica's own ops may be known elsewhere. Of those that were there when it was opened
 * nobody can say, so they count as known.
 */
export class Offered {
  readonly #ctrs = new Map<string, { readonly replica: string; readonly ctr: number }>();

  constructor(replica: string, holds: ReadonlyMap<string, Hold>) {
    for (const [key, { ctr }] of holds) this.#ctrs.set(key, { replica, ctr });
  }

  /** Takes note of what goes out, before it does. */
  note({ replica, tenant, rules }: SpokeState, effects: readonly SpokeEffect[]): void {
    for (const effect of effects) {
      if (effect.type !== "send" || effect.frame.frame.case !== "push") continue;
      const { stream, replica: whose, ctrFrom, ops } = effect.frame.frame.value;
      if (stream === undefined || whose !== replica) continue;
      const key = rules.keyOf(tenant, stream);
      const ctr = Math.max(this.last(key, replica), ctrFrom + ops.length - 1);
      this.#ctrs.set(key, { replica, ctr });
    }
  }

  /** The last op of a stream that anybody may know; numbers begin again with a key. */
  last(key: string, replica: string): number {
    const known = this.#ctrs.get(key);
    return known?.replica === replica ? known.ctr : 0;
  }
}

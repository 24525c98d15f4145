import type { Hold, Patch } from "@foedus/kernel/sync/hold.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { Replica } from "./replica.ts";
import { Collapse } from "./collapse.ts";
import { Standing } from "./standing.ts";
import { View } from "./view.ts";
import { Changes } from "./watch.ts";

/** All that is kept in memory of one stream for those who read and watch. */
export class Shelf {
  readonly key: string;
  readonly view: View;
  readonly standing: Standing;
  readonly #replica: Replica;
  readonly #collapse: Collapse;
  readonly #watching = new Set<Changes>();

  constructor(replica: Replica, key: string, world: World) {
    this.#replica = replica;
    this.key = key;
    this.view = new View(replica.hold(key));
    this.#collapse = new Collapse(replica.hold(key));
    this.standing = new Standing(replica, key, world);
  }

  get hold(): Hold {
    return this.#replica.hold(this.key);
  }

  /** Takes note of a patch of this stream. */
  note(patch: Patch): void {
    this.standing.note(patch);
    const before = patch.swap === undefined ? [] : [...this.view.names()];
    const records = this.view.note(patch);
    const changed = records === "ALL" ? new Set([...before, ...this.view.names()]) : records;
    for (const changes of this.#watching) changes.add(changed);
  }

  /** Makes what waits smaller, as far as nobody was offered it. */
  collapse(): void {
    const { state, offered } = this.#replica;
    const ops = this.#collapse.ops(state.replica, offered.last(this.key, state.replica));
    if (ops.length === 0) return;
    // What was seen may be made of them: it is looked at again.
    this.view.forget(ops);
    this.#replica.patch({ key: this.key, ops });
  }

  /** Records that change from this call on, until the signal aborts. */
  changes(signal: AbortSignal): AsyncGenerator<string, void, void> {
    const changes = new Changes();
    this.#watching.add(changes);
    signal.addEventListener("abort", () => this.#watching.delete(changes), { once: true });
    return changes.read(signal);
  }
}

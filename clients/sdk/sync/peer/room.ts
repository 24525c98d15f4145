import type { Carriage, Hold } from "@foedus/kernel/sync/hold.ts";
import { headerOf } from "@foedus/kernel/sync/segment.ts";
import { lastOf } from "@foedus/kernel/sync/spoke.outflow.ts";
import type { PeerGround } from "./ground.ts";
import type { Brought } from "./intake.ts";

/** How many bytes of others' ops a node holds, in all and of one author. */
export interface RoomBounds {
  readonly heldBytesMax: number;
  readonly heldOfOneMax: number;
}

/** How many bytes of others' ops are held, and what more there is room for. */
export class Room {
  readonly #bounds: RoomBounds;
  readonly #ofOne = new Map<string, number>();
  #bytes = 0;

  constructor({ replica, holds }: PeerGround, bounds: RoomBounds) {
    this.#bounds = bounds;
    const authors = new Map<string, string>();
    for (const hold of holds().values()) {
      for (const op of hold.ops.values()) {
        if (op.replica === replica) continue;
        const author = authors.get(op.replica) ?? authorOf(op);
        authors.set(op.replica, author);
        this.#count(author, op.bytes.length);
      }
    }
  }

  /** Bytes of others' ops. */
  get bytes(): number {
    return this.#bytes;
  }

  /** So many of them in a row as there is room for; what is held already takes none. */
  fitting(hold: Hold, { ops, author: { nodeId } }: Brought): readonly Carriage[] {
    const last = lastOf(hold, ops[0]?.replica ?? "");
    const end = ops.findIndex(({ ctr, bytes: { length } }) => {
      if (ctr <= last) return false;
      const held = this.#ofOne.get(nodeId) ?? 0;
      const { heldBytesMax, heldOfOneMax } = this.#bounds;
      if (this.#bytes + length > heldBytesMax || held + length > heldOfOneMax) return true;
      this.#count(nodeId, length);
      return false;
    });
    return end === -1 ? ops : ops.slice(0, end);
  }

  #count(author: string, bytes: number): void {
    this.#bytes += bytes;
    this.#ofOne.set(author, (this.#ofOne.get(author) ?? 0) + bytes);
  }
}

function authorOf({ segment, replica }: Carriage): string {
  return (segment && headerOf(segment)?.nodeId) ?? replica;
}

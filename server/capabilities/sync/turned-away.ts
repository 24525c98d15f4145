import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Resume } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";

/** Whoever is refused more than this hears of a change with its next session. */
const collectionsMax = 1_024;

/** Which collections a session asked for and was refused: nothing else is kept of those. */
export class TurnedAway {
  readonly #collections = new Map<string, Set<string>>();

  /** Takes note of what is said to a session. */
  note(session: string, { frame }: Frame): void {
    if (frame.case !== "resumed" || frame.value.mode !== Resume.REFUSED) return;
    const collection = frame.value.stream?.collection ?? "";
    const known = this.#collections.get(session) ?? new Set<string>();
    if (known.size < collectionsMax) known.add(collection);
    this.#collections.set(session, known);
  }

  /** Whether it was refused a stream of the collection. */
  has(session: string, collection: string): boolean {
    return this.#collections.get(session)?.has(collection) === true;
  }

  forget(session: string): void {
    this.#collections.delete(session);
  }
}

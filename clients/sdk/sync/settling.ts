import { linked } from "../signals.ts";
import type { Draining } from "./collection.ts";
import type { CollectionParts } from "./collection.open.ts";

/** How far the outbox of a stream is, whenever that changes; a slow reader misses steps. */
export async function* drainingOf(
  { replica, shelf: { standing }, looks }: CollectionParts,
  signal?: AbortSignal,
): AsyncGenerator<Draining, void, void> {
  using either = linked(replica.signal, signal);
  const first = standing.ops;
  for (let told = -1; ;) {
    const { ops: waitingOps, bytes: waitingBytes } = standing;
    if (told !== waitingOps) {
      told = waitingOps;
      yield { sentOps: Math.max(0, first - waitingOps), waitingOps, waitingBytes };
      continue;
    }
    if (waitingOps === 0) return;
    await looks.until(() => standing.ops !== told, either.signal).catch(() => undefined);
    if (either.signal.aborted) return;
  }
}

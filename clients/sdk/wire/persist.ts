import { Code } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { backoffMs, reconnectBackoff } from "@foedus/kernel/backoff.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { FoedusError } from "../error.ts";
import { errorOf } from "../error.wire.ts";

/** How long to go on. */
export interface PersistOptions {
  readonly world: World;
  readonly signal?: AbortSignal | undefined;
  /** Tries at most; without it only the signal ends it. */
  readonly attemptsMax?: number;
  /** Told of each failure that will be tried again. */
  readonly failed?: (error: FoedusError) => void;
}

/** Failures of a moment; any other would come again. */
const passing = new Set([
  Code.Unavailable,
  Code.DeadlineExceeded,
  Code.ResourceExhausted,
  Code.Aborted,
  Code.Internal,
]);

/** Whether the same call may well succeed later: a quarantine ends when an admin says so. */
export function isPassing({ code, reason }: FoedusError): boolean {
  if (reason === Reason.NODE_QUARANTINED) return true;
  return passing.has(code) && reason !== Reason.LIMIT_EXCEEDED;
}

/** Tries again, with growing waits, as long as failures are of the passing kind. */
export async function persist<T>(act: () => Promise<T>, options: PersistOptions): Promise<T> {
  const { world, signal, attemptsMax = Infinity } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await act();
    } catch (thrown) {
      signal?.throwIfAborted();
      const error = errorOf(thrown);
      if (!isPassing(error) || attempt >= attemptsMax) throw error;
      options.failed?.(error);
      await world.timers.sleep(waitMs(error, attempt, world), signal);
    }
  }
}

/** As the hub asks, else growing. */
export function waitMs(error: FoedusError, attempt: number, world: World): number {
  const askedMs = Number(error.facts.retry_ms ?? 0);
  return Math.max(askedMs, backoffMs(reconnectBackoff, attempt, world.random));
}

import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { FoedusError } from "../error.ts";
import type { NodeKit } from "../link/kit.ts";
import { linked } from "../signals.ts";

/**
 * Lets a node's stream end with the node: quietly when the program itself closed it or aborts its
 * own signal, with the reason when the hub ended it.
 */
export async function* untilEnd<T>(
  { ended }: NodeKit,
  signal: AbortSignal | undefined,
  open: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T, void, void> {
  using both = linked(ended.signal, signal);
  yield* open(both.signal);
  if (!ended.signal.aborted || signal?.aborted === true) return;
  const reason: unknown = ended.signal.reason;
  if (reason instanceof FoedusError && reason.reason === Reason.NODE_CLOSED) return;
  throw reason;
}

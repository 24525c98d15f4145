import type { StreamStatus } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";

/** How much of what a hub keeps of a stream's log somebody has, 0 to 1. */
export function partOf(seq: number, { head, horizon }: Pick<StreamStatus, "head" | "horizon">) {
  const kept = head - horizon;
  if (kept <= 0) return seq >= head ? 1 : 0;
  return Math.min(1, Math.max(0, (seq - horizon) / kept));
}

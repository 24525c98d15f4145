import type { SyncStatus } from "@foedus/sdk/sync/status.ts";

/** What a person wants to know of it. */
export function explained({ connected, outboxOps, waiting }: SyncStatus): string {
  const changes = outboxOps === 1 ? "1 change waits" : `${outboxOps} changes wait`;
  if (connected) return outboxOps === 0 ? "All saved at the hub" : `${changes} for the hub`;
  const kept = outboxOps === 0 ? "nothing waits" : `${changes}, kept in this browser`;
  return `The hub is away: ${kept}${waiting === undefined ? "" : ` (${waiting.reason})`}`;
}

import type { Storage } from "../../server/runtime/storage/storage.ts";

/** The same database as it would be used some time from now or ago: its clock is off. */
export function shifted(storage: Storage, ms: number): Storage {
  return {
    ...storage,
    nowMs: () => storage.nowMs() + ms,
    tenant: (tenant, work) => storage.tenant(tenant, (tx) => work({ ...tx, nowMs: tx.nowMs + ms })),
    sweep: (work) => storage.sweep((tx) => work({ ...tx, nowMs: tx.nowMs + ms })),
  };
}

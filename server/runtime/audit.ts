import type { TenantId } from "@foedus/kernel/tenant.ts";

/** A call that was turned away, or a decision that came to nothing. */
export interface Refusal {
  readonly tenant: TenantId;
  readonly caller: string;
  /** e.g. "foedus.node.v1.NodeService/RetireNode". */
  readonly method: string;
  /** Empty when it was refused before the request was read. */
  readonly requestId: string;
  /** The reason, e.g. "NOT_ALLOWED". */
  readonly outcome: string;
}

/** Where refusals are written down. What succeeds is written in its own transaction. */
export interface AuditWriter {
  refused(refusal: Refusal): void;
}

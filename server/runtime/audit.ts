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

/** A flow that a session began: its messages are too many to write each of them down. */
export type FlowBegun = Omit<Refusal, "requestId" | "outcome">;

/** Where refusals and flows are written down. A decision is, in its own transaction. */
export interface AuditWriter {
  refused(refusal: Refusal): void;
  began(flow: FlowBegun): void;
}

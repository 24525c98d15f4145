// Written by `npm run gen` from migrations/. Do not edit.
import type { Generated } from "kysely";

/** The tables, as kysely sees them. */
export interface Rows {
  answer: {
    tenant_id: string;
    caller: string;
    method: string;
    request_id: string;
    request_hash: Buffer;
    object: string;
    body: Buffer | null;
    expire_ms: bigint;
  };
  audit_leaf: {
    tenant_id: string;
    id: string;
    time_ms: bigint;
    leaf_hash: Buffer;
    body: Buffer;
  };
  follower: {
    tenant_id: string;
    name: string;
    seq: bigint;
  };
  hub_fact: {
    tenant_id: string;
    name: string;
    value: string;
  };
  lease: {
    tenant_id: string;
    kind: string;
    name: string;
    holder: string;
    fence: bigint;
    renewed_ms: bigint;
    expire_ms: bigint;
  };
  log_head: {
    tenant_id: string;
    log: string;
    seq: bigint;
    first_seq: Generated<bigint>;
  };
  outbox_log: {
    tenant_id: string;
    seq: bigint;
    day: Date;
    stored_ms: bigint;
    kind: string;
    source: string;
    subject: string;
    body: Buffer;
  };
}

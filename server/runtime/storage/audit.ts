import { create, toBinary } from "@bufbuild/protobuf";
import { AuditEntrySchema } from "@foedus/gen/foedus/audit/v1/audit_pb.js";
import { newId } from "@foedus/kernel/ids.ts";
import { leafHash } from "@foedus/kernel/merkle.ts";
import type { TenantTx } from "./storage.ts";

/** What is written down of a decision or a refusal. */
export interface AuditLeaf {
  readonly caller: string;
  /** e.g. "foedus.node.v1.NodeService/RetireNode". */
  readonly method: string;
  readonly requestId: string;
  readonly requestHash: Uint8Array;
  readonly object: string;
  /** "OK", or the reason. */
  readonly outcome: string;
  readonly facts: readonly string[];
}

/**
 * Writes leaves in the transaction of what they are about; a loop gives them their places later.
 */
export async function appendAudit(tx: TenantTx, leaves: readonly AuditLeaf[]): Promise<void> {
  if (leaves.length === 0) return;
  const rows = leaves.map((leaf) => {
    const id = newId("aud", tx.world);
    const entry = create(AuditEntrySchema, {
      ...leaf,
      id,
      timeMs: BigInt(tx.nowMs),
      facts: [...leaf.facts],
    });
    const body = toBinary(AuditEntrySchema, entry);
    return {
      tenant_id: tx.tenant,
      id,
      time_ms: BigInt(tx.nowMs),
      leaf_hash: Buffer.from(leafHash(body)),
      body: Buffer.from(body),
    };
  });
  await tx.sql.insertInto("audit_leaf").values(rows).execute();
}

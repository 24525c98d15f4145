import { toBinary } from "@bufbuild/protobuf";
import { factType, type Fact } from "@foedus/kernel/change.ts";
import { appendLog } from "./log.ts";
import type { TenantTx } from "./storage.ts";

/** Tells facts in the transaction that makes them so. Call it last: it holds the head row. */
export async function tell(tx: TenantTx, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return;
  const entries = facts.map((fact) => ({
    kind: factType(fact.schema),
    source: "",
    subject: fact.subject,
    body: toBinary(fact.schema, fact.message),
  }));
  await appendLog(tx, "outbox", entries);
}

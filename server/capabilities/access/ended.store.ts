import { JoinRequestSchema, JoinRequestState } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import { fromBody } from "../../runtime/storage/body.ts";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { expired, hasLapsed, joined } from "./request.ts";
import { findByKey, lockRequest, saveRequest } from "./request.store.ts";

/** Wishes that lapse in one transaction. */
const lapsedMax = 200;

const open: readonly JoinRequestState[] = [JoinRequestState.WAITING, JoinRequestState.APPROVED];

/** The joiner of that key is a node; nothing happens when it had a token and never asked. */
export async function settleJoined(
  tx: TenantTx,
  fingerprint: string,
  nodeId: string,
): Promise<void> {
  const known = await findByKey(tx, fingerprint);
  if (known === undefined) return;
  const { next, facts } = joined(await lockRequest(tx, known.id), nodeId);
  await saveRequest(tx, next);
  await tell(tx, facts);
}

/** Ends the wishes of all tenants that waited for too long; returns how many. */
export async function expireRequests(storage: Storage): Promise<number> {
  const rows = await storage.sweeper
    .selectFrom("join_request")
    .select("tenant_id")
    .distinct()
    .where("state", "in", open)
    .where("expire_ms", "<=", BigInt(storage.nowMs()))
    .execute()
    .catch(rethrowFault);
  let count = 0;
  for (const { tenant_id } of rows) count += await expireOf(storage, tenantProved(tenant_id));
  return count;
}

async function expireOf(storage: Storage, tenant: TenantId): Promise<number> {
  return await storage.tenant(tenant, async (tx) => {
    const rows = await tx.sql
      .selectFrom("join_request")
      .select("body")
      .where("tenant_id", "=", tenant)
      .where("state", "in", open)
      .where("expire_ms", "<=", BigInt(tx.nowMs))
      .orderBy("id")
      .limit(lapsedMax)
      .forUpdate()
      .execute();
    const lapsed = rows
      .map((row) => fromBody(JoinRequestSchema, row.body))
      .filter((request) => hasLapsed(request, tx.nowMs))
      .map(expired);
    for (const { next } of lapsed) await saveRequest(tx, next);
    await tell(
      tx,
      lapsed.flatMap((change) => change.facts),
    );
    return lapsed.length;
  });
}

/** Forgets wishes that ended before an instant, so that their keys may ask again. */
export async function forgetRequests({ sweeper }: Storage, beforeMs: number): Promise<void> {
  await sweeper
    .deleteFrom("join_request")
    .where("state", "not in", open)
    .where("expire_ms", "<", BigInt(beforeMs))
    .execute()
    .catch(rethrowFault);
}

import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { sql } from "kysely";
import type { SweepTx, TenantTx } from "./storage.ts";

/** Who holds what until when. */
export interface Lease {
  /** What kind of thing, e.g. "node". */
  readonly kind: string;
  readonly name: string;
  readonly holder: string;
  /** Grows with each new holder: a write that carries an older fence comes too late. */
  readonly fence: bigint;
  readonly renewedMs: number;
  readonly expireMs: number;
}

/** What is wanted. */
export interface LeaseWish {
  readonly kind: string;
  readonly name: string;
  readonly holder: string;
  readonly forMs: number;
}

/**
 * Takes a free or lapsed lease, or renews the holder's own.
 *
 * @throws Fault LEASE_HELD while somebody else holds it.
 */
export async function acquireLease(tx: TenantTx, wish: LeaseWish): Promise<Lease> {
  const { kind, name, holder, forMs } = wish;
  const result = await sql<LeaseRow>`
    insert into lease (tenant_id, kind, name, holder, fence, renewed_ms, expire_ms)
    values (${tx.tenant}, ${kind}, ${name}, ${holder}, 1, ${tx.nowMs}, ${tx.nowMs + forMs})
    on conflict (tenant_id, kind, name) do update set
      fence = lease.fence + case when lease.holder = ${holder} and lease.expire_ms > ${tx.nowMs}
                                 then 0 else 1 end,
      holder = ${holder},
      renewed_ms = ${tx.nowMs},
      expire_ms = ${tx.nowMs + forMs}
    where lease.holder = ${holder} or lease.expire_ms <= ${tx.nowMs}
    returning *`.execute(tx.sql);
  const [row] = result.rows;
  if (row !== undefined) return leaseOf(row);
  const held = await findLease(tx, kind, name);
  const remainingMs = Math.max(0, (held?.expireMs ?? tx.nowMs) - tx.nowMs);
  throw new Fault(Reason.LEASE_HELD, {
    name,
    holder: held?.holder ?? "somebody else",
    remaining_ms: remainingMs,
  });
}

/**
 * Prolongs a lease that still holds.
 *
 * @throws Fault LEASE_LOST when it lapsed or somebody else has it.
 */
export async function renewLease(tx: TenantTx, lease: Lease, forMs: number): Promise<Lease> {
  const result = await sql<LeaseRow>`
    update lease set renewed_ms = ${tx.nowMs}, expire_ms = ${tx.nowMs + forMs}
    where tenant_id = ${tx.tenant} and kind = ${lease.kind} and name = ${lease.name}
      and holder = ${lease.holder} and fence = ${lease.fence} and expire_ms > ${tx.nowMs}
    returning *`.execute(tx.sql);
  const [row] = result.rows;
  if (row === undefined) throw new Fault(Reason.LEASE_LOST, { name: lease.name });
  return leaseOf(row);
}

/** Gives a lease back at once; nothing happens when it was lost already. */
export async function releaseLease(tx: TenantTx, lease: Lease): Promise<void> {
  await sql`
    update lease set expire_ms = ${tx.nowMs}
    where tenant_id = ${tx.tenant} and kind = ${lease.kind} and name = ${lease.name}
      and holder = ${lease.holder} and fence = ${lease.fence} and expire_ms > ${tx.nowMs}`.execute(
    tx.sql,
  );
}

/** The lease as it stands, lapsed or not; undefined when nobody ever had it. */
export async function findLease(
  tx: TenantTx,
  kind: string,
  name: string,
): Promise<Lease | undefined> {
  const result = await sql<LeaseRow>`
    select * from lease where tenant_id = ${tx.tenant} and kind = ${kind} and name = ${name}`.execute(
    tx.sql,
  );
  const [row] = result.rows;
  return row && leaseOf(row);
}

/** Leases of a kind that lapsed between two instants, of all tenants; the earliest first. */
export async function lapsedLeases(
  tx: SweepTx,
  kind: string,
  afterMs: number,
  limit: number,
): Promise<(Lease & { readonly tenantName: string })[]> {
  const result = await sql<LeaseRow>`
    select * from lease where kind = ${kind} and expire_ms > ${afterMs} and expire_ms <= ${tx.nowMs}
    order by expire_ms limit ${limit}`.execute(tx.sql);
  return result.rows.map((row) => ({ ...leaseOf(row), tenantName: row.tenant_id }));
}

interface LeaseRow {
  tenant_id: string;
  kind: string;
  name: string;
  holder: string;
  fence: bigint;
  renewed_ms: bigint;
  expire_ms: bigint;
}

function leaseOf(row: LeaseRow): Lease {
  const { kind, name, holder, fence } = row;
  const renewedMs = Number(row.renewed_ms);
  return { kind, name, holder, fence, renewedMs, expireMs: Number(row.expire_ms) };
}

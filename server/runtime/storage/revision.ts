import { sql } from "kysely";
import type { TenantTx } from "./storage.ts";

/**
 * Raises the number of something that others judge by; it stays locked until the commit. Whoever
 * judged by the old one and has not committed is waited for, and whoever comes later sees the new.
 */
export async function raiseRevision(tx: TenantTx, name: string): Promise<bigint> {
  const { rows } = await sql<{ number: bigint }>`
    insert into revision (tenant_id, name, number) values (${tx.tenant}, ${name}, 1)
    on conflict (tenant_id, name) do update set number = revision.number + 1
    returning number`.execute(tx.sql);
  const [row] = rows;
  if (row === undefined) throw new Error(`revision ${name} was not raised`);
  return row.number;
}

/** The number as it is, which nobody raises before this transaction has ended. */
export async function holdRevision(tx: TenantTx, name: string): Promise<bigint> {
  const held = await share(tx, name);
  if (held !== undefined) return held;
  // What was never raised has no row that could be held.
  await sql`insert into revision (tenant_id, name, number) values (${tx.tenant}, ${name}, 0)
    on conflict do nothing`.execute(tx.sql);
  return (await share(tx, name)) ?? 0n;
}

async function share(tx: TenantTx, name: string): Promise<bigint | undefined> {
  const { rows } = await sql<{ number: bigint }>`
    select number from revision where tenant_id = ${tx.tenant} and name = ${name}
    for share`.execute(tx.sql);
  return rows[0]?.number;
}

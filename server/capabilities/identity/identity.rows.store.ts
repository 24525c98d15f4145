import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentitySchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import type { Leaf } from "./certificate.ts";
import { certificateEndMs } from "./identity.ts";

/** The identity in a row. */
export function identityOf(row: { readonly body: Uint8Array }): Identity {
  return fromBody(IdentitySchema, row.body);
}

/** Writes a new identity. @throws Fault NAME_TAKEN when an unrevoked one has its name. */
export async function insertIdentity(tx: TenantTx, identity: Identity): Promise<void> {
  const { nodeId, name } = identity;
  const written = await sql`
    insert into identity (tenant_id, node_id, name, certificate_expire_ms, body)
    values (${tx.tenant}, ${nodeId}, ${name}, ${certificateEndMs(identity)},
            ${toBody(IdentitySchema, identity)})
    on conflict (tenant_id, name) where revoke_ms is null do nothing
    returning node_id`.execute(tx.sql);
  if (written.rows.length > 0) return;
  const holder = await findByName(tx, name);
  throw new Fault(Reason.NAME_TAKEN, { name, node_id: holder ?? "another node" });
}

/** Writes an identity as it is now. */
export async function saveIdentity(tx: TenantTx, identity: Identity): Promise<void> {
  const { nodeId, revokeTime } = identity;
  await tx.sql
    .updateTable("identity")
    .set({
      revoke_ms: revokeTime === undefined ? null : BigInt(timestampMs(revokeTime)),
      certificate_expire_ms: BigInt(certificateEndMs(identity)),
      body: toBody(IdentitySchema, identity),
    })
    .where("tenant_id", "=", tx.tenant)
    .where("node_id", "=", nodeId)
    .execute();
}

/** The identity of a node, locked until the commit. */
export async function lockIdentity(tx: TenantTx, nodeId: string): Promise<Identity | undefined> {
  const row = await tx.sql
    .selectFrom("identity")
    .select("body")
    .where("tenant_id", "=", tx.tenant)
    .where("node_id", "=", nodeId)
    .forUpdate()
    .executeTakeFirst();
  return row && identityOf(row);
}

/** The id of the node with this id or name: whoever has the name now, else who had it last. */
export async function findByName(tx: TenantTx, ref: string): Promise<string | undefined> {
  const row = await tx.sql
    .selectFrom("identity")
    .select("node_id")
    .where("tenant_id", "=", tx.tenant)
    .where((or) => or.or([or("node_id", "=", ref), or("name", "=", ref)]))
    .orderBy(sql`revoke_ms is null`, "desc")
    .orderBy("node_id", "desc")
    .executeTakeFirst();
  return row?.node_id;
}

/** Writes down a certificate that was issued: which key, for whom, until when. */
export async function recordCertificate(tx: TenantTx, nodeId: string, leaf: Leaf): Promise<void> {
  await tx.sql
    .insertInto("certificate")
    .values({
      tenant_id: tx.tenant,
      node_id: nodeId,
      serial: leaf.serial,
      spki_hash: Buffer.from(leaf.spkiHash),
      issue_ms: BigInt(tx.nowMs),
      expire_ms: BigInt(leaf.expireMs),
    })
    .execute();
}

/** Uses up a key that an invitation admits. @throws Fault KEY_JOINED when it joined before. */
export async function claimKey(tx: TenantTx, fingerprint: string, nodeId: string): Promise<void> {
  const written = await sql`
    insert into join_key (tenant_id, fingerprint, node_id)
    values (${tx.tenant}, ${fingerprint}, ${nodeId})
    on conflict do nothing returning node_id`.execute(tx.sql);
  if (written.rows.length > 0) return;
  const holder = await tx.sql
    .selectFrom("join_key")
    .select("node_id")
    .where("tenant_id", "=", tx.tenant)
    .where("fingerprint", "=", fingerprint)
    .executeTakeFirst();
  throw new Fault(Reason.KEY_JOINED, { node_id: holder?.node_id ?? "another node" });
}

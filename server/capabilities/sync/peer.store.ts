import { create } from "@bufbuild/protobuf";
import { GrantSchema, type Grant } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import type { PageWish } from "../../runtime/storage/page.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { peerLeaseMs } from "./peer.ts";

/** A node that serves others, and where. */
export interface Listed {
  readonly nodeId: string;
  readonly address: string;
}

/** A node that serves others, as people are shown it. */
export interface Listener extends Listed {
  /** When it last met. */
  readonly meetMs: number;
  readonly expireMs: number;
  /** Undefined for a node without one. */
  readonly grant: Grant | undefined;
}

/** What tables know of nodes that meet. */
export interface Meeting {
  /** Those that listen beside the caller, the newest first. */
  readonly listed: readonly Listed[];
  /** What an admin granted, by node. */
  readonly grants: ReadonlyMap<string, Grant>;
  /** The keys each of them writes with, the newest first. */
  readonly replicas: ReadonlyMap<string, readonly string[]>;
}

/** So many are looked at to find those that may be told. */
const candidatesMax = 256;

const replicasMax = 16;

/** Who listens where, and who wrote with which key. */
export type PeerStore = ReturnType<typeof peerStore>;

/** Reads and notes them. */
export function peerStore(storage: Pick<Storage, "tenant">) {
  return {
    /** Notes where a node listens, or that it does not, and reads who else does. */
    meet: (tenant: TenantId, nodeId: string, address: string): Promise<Meeting> =>
      storage.tenant(tenant, async (tx) => {
        await note(tx, nodeId, address);
        const listed = await list(tx, nodeId);
        const ids = [nodeId, ...listed.map((one) => one.nodeId)];
        const [grants, replicas] = [await grantsOf(tx, ids), await replicasOf(tx, ids)];
        return { listed, grants, replicas };
      }),

    /** A page of those that listen, by node id. */
    listeners: (tenant: TenantId, wish: PageWish): Promise<Listener[]> =>
      storage.tenant(tenant, async (tx) => {
        const { rows } = await sql<ListenerRow>`
          select node_id, address, renewed_ms, expire_ms from sync_peer
          where tenant_id = ${tx.tenant} and expire_ms > ${tx.nowMs}
            and node_id > ${wish.after?.[0] ?? ""}
          order by node_id limit ${wish.size}`.execute(tx.sql);
        const ids = rows.map(({ node_id }) => node_id);
        const grants = ids.length === 0 ? new Map<string, Grant>() : await grantsOf(tx, ids);
        return rows.map(({ node_id: nodeId, address, renewed_ms, expire_ms }) => {
          const [meetMs, expireMs] = [Number(renewed_ms), Number(expire_ms)];
          return { nodeId, address, meetMs, expireMs, grant: grants.get(nodeId) };
        });
      }),

    /** Whose a replica's key is, and what an admin granted a node. */
    authorship: (tenant: TenantId, replica: string, nodeId: string): Promise<Authorship> =>
      storage.tenant(tenant, async (tx) => {
        const { rows } = await sql<{ owner_id: string }>`select owner_id from sync_writer
          where tenant_id = ${tx.tenant} and replica = ${replica}`.execute(tx.sql);
        const grant = (await grantsOf(tx, [nodeId])).get(nodeId);
        return { ownerId: rows[0]?.owner_id, grant };
      }),

    /** Gives a replica's key to a node unless it is somebody's; answers whose it is. */
    claim: (tenant: TenantId, replica: string, nodeId: string): Promise<string | undefined> =>
      storage.tenant(tenant, async (tx) => {
        await sql`insert into sync_writer (tenant_id, replica, owner_id, bind_ms)
          values (${tx.tenant}, ${replica}, ${nodeId}, ${tx.nowMs})
          on conflict do nothing`.execute(tx.sql);
        const { rows } = await sql<{ owner_id: string }>`select owner_id from sync_writer
          where tenant_id = ${tx.tenant} and replica = ${replica}`.execute(tx.sql);
        return rows[0]?.owner_id;
      }),
  };
}

interface ListenerRow {
  node_id: string;
  address: string;
  renewed_ms: string;
  expire_ms: string;
}

/** Whose a key is, and where its signer stands. */
export interface Authorship {
  /** Undefined for a key that nobody opened a session with. */
  readonly ownerId: string | undefined;
  /** Undefined for a node without one. */
  readonly grant: Grant | undefined;
}

/** Forgets, in all tenants, who did not come again. */
export async function forgetPeers(storage: Pick<Storage, "sweep">): Promise<void> {
  await storage.sweep(async (tx) => {
    await sql`delete from sync_peer where expire_ms < ${tx.nowMs}`.execute(tx.sql);
  });
}

async function note(tx: TenantTx, nodeId: string, address: string): Promise<void> {
  if (address === "") {
    await sql`delete from sync_peer
      where tenant_id = ${tx.tenant} and node_id = ${nodeId}`.execute(tx.sql);
    return;
  }
  await sql`insert into sync_peer (tenant_id, node_id, address, renewed_ms, expire_ms)
    values (${tx.tenant}, ${nodeId}, ${address}, ${tx.nowMs}, ${tx.nowMs + peerLeaseMs})
    on conflict (tenant_id, node_id) do update set address = excluded.address,
      renewed_ms = excluded.renewed_ms, expire_ms = excluded.expire_ms`.execute(tx.sql);
}

async function list(tx: TenantTx, nodeId: string): Promise<Listed[]> {
  const { rows } = await sql<{ node_id: string; address: string }>`
    select node_id, address from sync_peer
    where tenant_id = ${tx.tenant} and node_id <> ${nodeId} and expire_ms > ${tx.nowMs}
    order by renewed_ms desc, node_id limit ${candidatesMax}`.execute(tx.sql);
  return rows.map((row) => ({ nodeId: row.node_id, address: row.address }));
}

async function grantsOf(tx: TenantTx, nodeIds: readonly string[]): Promise<Meeting["grants"]> {
  const { rows } = await sql<{ node_id: string; zones: string[]; relays: boolean }>`
    select node_id, zones, relays from sync_grant
    where tenant_id = ${tx.tenant} and node_id = any(${nodeIds}::text[])`.execute(tx.sql);
  return new Map(
    rows.map(({ node_id: nodeId, ...rest }) => [nodeId, create(GrantSchema, { nodeId, ...rest })]),
  );
}

async function replicasOf(tx: TenantTx, nodeIds: readonly string[]): Promise<Meeting["replicas"]> {
  const { rows } = await sql<{ owner_id: string; replica: string }>`
    select n.owner_id, w.replica from unnest(${nodeIds}::text[]) as n(owner_id)
    cross join lateral (
      select replica from sync_writer
      where tenant_id = ${tx.tenant} and owner_id = n.owner_id
      order by bind_ms desc limit ${replicasMax}) w`.execute(tx.sql);
  const known = new Map<string, string[]>();
  for (const { owner_id: id, replica } of rows) {
    known.set(id, [...(known.get(id) ?? []), replica]);
  }
  return known;
}

import { CollectionSchema, type Collection } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { Change } from "@foedus/kernel/change.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import { decide } from "../../runtime/storage/decide.ts";
import type { PageWish } from "../../runtime/storage/page.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";

interface CollectionRow {
  body: Buffer;
}

/** The table of declared collections. */
export type DeclaredStore = ReturnType<typeof declaredStore>;

/** Reads and makes declarations. */
export function declaredStore(storage: Storage) {
  return {
    /** All of a tenant, by name. */
    all: (tenant: TenantId): Promise<ReadonlyMap<string, Collection>> =>
      storage.tenant(tenant, async (tx) => {
        const { rows } = await sql<CollectionRow>`
          select body from sync_collection where tenant_id = ${tx.tenant}`.execute(tx.sql);
        return new Map(rows.map(collectionOf).map((each) => [each.name, each]));
      }),

    /** A page by name. */
    list: (tenant: TenantId, wish: PageWish): Promise<Collection[]> =>
      storage.tenant(tenant, async (tx) => {
        const { rows } = await sql<CollectionRow>`
          select body from sync_collection
          where tenant_id = ${tx.tenant} and name > ${wish.after?.[0] ?? ""}
          order by name limit ${wish.size}`.execute(tx.sql);
        return rows.map(collectionOf);
      }),

    declare: (
      write: Write,
      name: string,
      transition: (known: Collection | undefined, count: number) => Change<Collection>,
    ): Promise<Collection> =>
      decide(storage, write, CollectionSchema, async (tx) => {
        const known = await readDeclared(tx, name, sql`for update`);
        const { next, facts } = transition(known, await countDeclared(tx));
        await sql`
          insert into sync_collection (tenant_id, name, body)
          values (${tx.tenant}, ${name}, ${toBody(CollectionSchema, next)})
          on conflict (tenant_id, name) do update set body = excluded.body`.execute(tx.sql);
        return { answer: next, facts, object: name };
      }),
  };
}

async function countDeclared(tx: TenantTx): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from sync_collection where tenant_id = ${tx.tenant}`.execute(tx.sql);
  return Number(rows[0]?.count ?? 0n);
}

/** How one collection is declared, as a transaction sees it. */
export async function readDeclared(
  tx: TenantTx,
  name: string,
  lock = sql``,
): Promise<Collection | undefined> {
  const { rows } = await sql<CollectionRow>`
    select body from sync_collection
    where tenant_id = ${tx.tenant} and name = ${name} ${lock}`.execute(tx.sql);
  return rows[0] && collectionOf(rows[0]);
}

function collectionOf({ body }: CollectionRow): Collection {
  return fromBody(CollectionSchema, body);
}

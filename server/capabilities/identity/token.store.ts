import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import type { JoinToken } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { JoinTokenSchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { CreateTokenResponse } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { CreateTokenResponseSchema } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Page } from "@foedus/gen/foedus/page/v1/page_pb.js";
import type { Rows } from "@foedus/gen/rows";
import { Fault } from "@foedus/kernel/fault.ts";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import { sql, type Selectable } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import { decide } from "../../runtime/storage/decide.ts";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import { GroupCommit } from "../../runtime/storage/group.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { cancel } from "./token.ts";

/** How many tokens one query looks for at most. */
const lookupsMax = 8;

type TokenRow = Selectable<Rows["join_token"]>;

/** A token as a joiner showed it, before anything is decided. */
export interface ShownToken {
  readonly tenant: TenantId;
  readonly token: JoinToken;
  readonly secretHash: Uint8Array;
  /** The request that redeemed it; undefined while nobody did. */
  readonly redeemHash: Uint8Array | undefined;
}

/** One attempt to redeem a token for a node. */
export interface Redemption {
  readonly tokenId: string;
  readonly nodeId: string;
  readonly requestHash: Uint8Array;
}

/** Redeems a token for exactly one of those who try at once; undefined for all others. */
export type Redeem = (tx: TenantTx, wish: Redemption) => Promise<JoinToken | undefined>;

/** What a new token is made of; the answer holds its secret and is not kept. */
export type MakeToken = (nowMs: number) => { answer: CreateTokenResponse; secretHash: Uint8Array };

/** The table of join tokens. */
export function tokenStore(storage: Storage) {
  const lookups = new GroupCommit((ids: readonly string[]) => findTokens(storage, ids), {
    itemsMax: lookupsMax,
  });
  return {
    create: (write: Write, name: string, make: MakeToken) =>
      createToken(storage, write, name, make),
    cancel: (write: Write, id: string) => cancelToken(storage, write, id),
    /** Newest first. */
    list: (tenant: TenantId, page: Page | undefined) => listTokens(storage, tenant, page),
    /** A joiner has no tenant yet, so its token is looked for in all of them. */
    find: (id: string) => lookups.add(id),
    /** Forgets tokens that ended before an instant; returns how many. */
    forget: (beforeMs: number) => forgetTokens(storage, beforeMs),
  };
}

/** The table of join tokens. */
export type TokenStore = ReturnType<typeof tokenStore>;

async function createToken(
  storage: Storage,
  write: Write,
  name: string,
  make: MakeToken,
): Promise<CreateTokenResponse> {
  return await decide(storage, write, CreateTokenResponseSchema, async (tx) => {
    await refuseTakenName(tx, name);
    const { answer, secretHash } = make(tx.nowMs);
    if (answer.token === undefined) throw new Error("a new token has no token in it");
    await insert(tx, answer.token, secretHash);
    return { answer, facts: [], object: answer.token.id };
  });
}

async function cancelToken(storage: Storage, write: Write, id: string): Promise<JoinToken> {
  return await decide(storage, write, JoinTokenSchema, async (tx) => {
    const row = await load(tx, id, true);
    if (row === undefined) throw new Fault(Reason.NOT_FOUND, { object: `token ${id}` });
    const { next, facts } = cancel(tokenOf(row), tx.nowMs);
    const end = next.endTime === undefined ? null : BigInt(timestampMs(next.endTime));
    await tx.sql
      .updateTable("join_token")
      .set({ end_ms: end, cancelled: next.cancelled })
      .where("tenant_id", "=", tx.tenant)
      .where("id", "=", id)
      .execute();
    return { answer: next, facts, object: id };
  });
}

async function listTokens(storage: Storage, tenant: TenantId, page: Page | undefined) {
  const { size, after } = pageWish(page, "tokens");
  return await storage.tenant(tenant, async (tx) => {
    let query = tx.sql.selectFrom("join_token").selectAll().where("tenant_id", "=", tenant);
    if (after !== undefined) query = query.where("id", "<", after[0] ?? "");
    const rows = await query.orderBy("id", "desc").limit(size).execute();
    const last = rows.length === size ? rows.at(-1) : undefined;
    const nextPageToken = last === undefined ? "" : pageToken("tokens", [last.id]);
    return { tokens: rows.map(tokenOf), nextPageToken };
  });
}

/** Those who come at the same time share one query. */
async function findTokens(
  { sweeper }: Storage,
  ids: readonly string[],
): Promise<(ShownToken | undefined)[]> {
  const query = sweeper
    .selectFrom("join_token")
    .selectAll()
    .where("id", "in", [...new Set(ids)]);
  const rows = await query.execute().catch(rethrowFault);
  const found = new Map(rows.map((row) => [row.id, shownOf(row)]));
  return ids.map((id) => found.get(id));
}

function shownOf(row: TokenRow): ShownToken {
  const redeemHash = row.redeem_hash === null ? undefined : new Uint8Array(row.redeem_hash);
  const secretHash = new Uint8Array(row.secret_hash);
  return { tenant: tenantProved(row.tenant_id), token: tokenOf(row), secretHash, redeemHash };
}

async function forgetTokens({ sweeper }: Storage, beforeMs: number): Promise<number> {
  const query = sweeper.deleteFrom("join_token").where("expire_ms", "<", BigInt(beforeMs));
  const result = await query.executeTakeFirst().catch(rethrowFault);
  return Number(result.numDeletedRows);
}

/** The one statement that makes a token single: of those who wait on its row, one finds it open. */
export const redeemOnce: Redeem = async (tx, { tokenId, nodeId, requestHash }) => {
  const result = await sql<TokenRow>`
    update join_token
    set end_ms = ${tx.nowMs}, node_id = ${nodeId}, redeem_hash = ${Buffer.from(requestHash)}
    where tenant_id = ${tx.tenant} and id = ${tokenId}
      and end_ms is null and expire_ms > ${tx.nowMs}
    returning *`.execute(tx.sql);
  const [row] = result.rows;
  return row && tokenOf(row);
};

/** The token as it stands in this transaction. */
export async function tokenNow(tx: TenantTx, id: string): Promise<JoinToken | undefined> {
  const row = await load(tx, id, false);
  return row && tokenOf(row);
}

async function refuseTakenName(tx: TenantTx, name: string): Promise<void> {
  if (name === "") return;
  const holder = await tx.sql
    .selectFrom("identity")
    .select("node_id")
    .where("tenant_id", "=", tx.tenant)
    .where("name", "=", name)
    .where("revoke_ms", "is", null)
    .executeTakeFirst();
  if (holder === undefined) return;
  throw new Fault(Reason.NAME_TAKEN, { name, node_id: holder.node_id });
}

async function insert(tx: TenantTx, token: JoinToken, secretHash: Uint8Array): Promise<void> {
  await tx.sql
    .insertInto("join_token")
    .values({
      tenant_id: tx.tenant,
      id: token.id,
      secret_hash: Buffer.from(secretHash),
      expire_ms: BigInt(token.expireTime === undefined ? 0 : timestampMs(token.expireTime)),
      body: toBody(JoinTokenSchema, token),
    })
    .execute();
}

async function load(tx: TenantTx, id: string, lock: boolean): Promise<TokenRow | undefined> {
  const query = tx.sql
    .selectFrom("join_token")
    .selectAll()
    .where("tenant_id", "=", tx.tenant)
    .where("id", "=", id);
  return await (lock ? query.forUpdate() : query).executeTakeFirst();
}

/** How it was made stands in the body, and how it ended in columns. */
function tokenOf(row: TokenRow): JoinToken {
  const made = fromBody(JoinTokenSchema, row.body);
  const endTime = row.end_ms === null ? undefined : timestampFromMs(Number(row.end_ms));
  return { ...made, endTime, nodeId: row.node_id, cancelled: row.cancelled };
}

import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { AccessRule, JoinRequest } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { JoinRequestSchema, JoinRequestState } from "@foedus/gen/foedus/access/v1/access_pb.js";
import type { ListJoinRequestsRequest } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Change, Fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { sql } from "kysely";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import { decide } from "../../runtime/storage/decide.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { raiseRevision } from "../../runtime/storage/revision.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { ask, requireRoom, seenAgain, type Asking } from "./request.ts";
import { addRule } from "./rule.store.ts";
import { raise } from "./standing.store.ts";

/** Of those who ask at once, one is counted after the other. */
const queueRevision = "access.queue";

/** What an admin decides about a wish. */
export type Decide = (request: JoinRequest, nowMs: number) => Change<JoinRequest>;

/** The rule that goes with a decision about a wish. */
export type RuleFor = (request: JoinRequest) => AccessRule;

/** Wishes to join. */
export function requestStore(storage: Storage) {
  return {
    /** What a key asked for; undefined when it never did. */
    find: (tenant: TenantId, fingerprint: string): Promise<JoinRequest | undefined> =>
      storage.tenant(tenant, (tx) => findByKey(tx, fingerprint)),

    /** Notes a wish; one that waits already is the same. */
    note: (write: Write, asking: Asking): Promise<JoinRequest> =>
      decide(storage, write, JoinRequestSchema, async (tx) => {
        const { next, facts } = await noteWish(tx, asking);
        return { answer: next, facts, object: next.id };
      }),

    /** Writes down that its joiner asked again. */
    seen: async (tenant: TenantId, request: JoinRequest): Promise<void> => {
      const next = seenAgain(request, storage.nowMs());
      if (next !== undefined) await storage.tenant(tenant, (tx) => touch(tx, next));
    },

    /** Decides about a wish; with a rule, that goes on its list as well. */
    decide: (write: Write, id: string, act: Decide, rule?: RuleFor): Promise<JoinRequest> =>
      decide(storage, write, JoinRequestSchema, async (tx) => {
        // Whoever was admitted by how it stood, and has not joined yet, is judged anew.
        await raise(tx);
        const { next, facts } = act(await lockRequest(tx, id), tx.nowMs);
        await saveRequest(tx, next);
        const added = rule && (await addRule(tx, rule(next), write.caller.id));
        return { answer: next, facts: [...facts, ...(added?.facts ?? [])], object: id };
      }),

    /** How many wait for an admin. */
    waiting: (tenant: TenantId): Promise<number> =>
      storage.tenant(tenant, async (tx) => (await countWaiting(tx, "")).waiting),

    /** Oldest first. */
    list: (tenant: TenantId, request: ListJoinRequestsRequest) => list(storage, tenant, request),
  };
}

/** Wishes to join. */
export type RequestStore = ReturnType<typeof requestStore>;

/** Notes a wish within a decision. */
export async function noteWish(tx: TenantTx, asking: Asking): Promise<Change<JoinRequest>> {
  await raiseRevision(tx, queueRevision);
  const known = await findByKey(tx, asking.fingerprint);
  if (known !== undefined) return { next: known, facts: noFacts };
  const { waiting, ofAddress } = await countWaiting(tx, asking.address);
  requireRoom(waiting, ofAddress);
  const change = ask(asking, newId("join", tx.world), tx.nowMs);
  await tx.sql
    .insertInto("join_request")
    .values({ tenant_id: tx.tenant, address: asking.address, ...columnsOf(change.next) })
    .execute();
  return change;
}

const noFacts: readonly Fact[] = [];

async function countWaiting(tx: TenantTx, address: string) {
  const { rows } = await sql<{ waiting: bigint; of_address: bigint }>`
    select count(*) as waiting, count(*) filter (where address = ${address}) as of_address
    from join_request where tenant_id = ${tx.tenant} and state = ${JoinRequestState.WAITING}
      and expire_ms > ${tx.nowMs}`.execute(tx.sql);
  const [row] = rows;
  return { waiting: Number(row?.waiting ?? 0), ofAddress: Number(row?.of_address ?? 0) };
}

/** The wish of a key. */
export async function findByKey(
  tx: TenantTx,
  fingerprint: string,
): Promise<JoinRequest | undefined> {
  const row = await tx.sql
    .selectFrom("join_request")
    .select("body")
    .where("tenant_id", "=", tx.tenant)
    .where("fingerprint", "=", fingerprint)
    .executeTakeFirst();
  return row && fromBody(JoinRequestSchema, row.body);
}

/** The wish, locked until the commit. @throws Fault NOT_FOUND */
export async function lockRequest(tx: TenantTx, id: string): Promise<JoinRequest> {
  const row = await tx.sql
    .selectFrom("join_request")
    .select("body")
    .where("tenant_id", "=", tx.tenant)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new Fault(Reason.NOT_FOUND, { object: `wish to join ${id}` });
  return fromBody(JoinRequestSchema, row.body);
}

/** Writes a wish as it is now. */
export async function saveRequest(tx: TenantTx, request: JoinRequest): Promise<void> {
  await tx.sql
    .updateTable("join_request")
    .set(columnsOf(request))
    .where("tenant_id", "=", tx.tenant)
    .where("id", "=", request.id)
    .execute();
}

/** Only if nobody decided meanwhile: a decision is not undone by somebody who asks. */
async function touch(tx: TenantTx, request: JoinRequest): Promise<void> {
  await tx.sql
    .updateTable("join_request")
    .set(columnsOf(request))
    .where("tenant_id", "=", tx.tenant)
    .where("id", "=", request.id)
    .where("state", "=", request.state)
    .execute();
}

function columnsOf(request: JoinRequest) {
  const { id, fingerprint, state, expireTime } = request;
  const expire_ms = BigInt(expireTime === undefined ? 0 : timestampMs(expireTime));
  return { id, fingerprint, state, expire_ms, body: toBody(JoinRequestSchema, request) };
}

async function list(storage: Storage, tenant: TenantId, { page, states }: ListJoinRequestsRequest) {
  const name = `join requests ${states.join()}`;
  const { size, after } = pageWish(page, name);
  return await storage.tenant(tenant, async (tx) => {
    let query = tx.sql.selectFrom("join_request").select("body").where("tenant_id", "=", tenant);
    if (states.length > 0) query = query.where("state", "in", states);
    if (after !== undefined) query = query.where("id", ">", after[0] ?? "");
    const rows = await query.orderBy("id").limit(size).execute();
    const joinRequests = rows.map((row) => fromBody(JoinRequestSchema, row.body));
    const last = joinRequests.length === size ? joinRequests.at(-1) : undefined;
    return { joinRequests, nextPageToken: last === undefined ? "" : pageToken(name, [last.id]) };
  });
}

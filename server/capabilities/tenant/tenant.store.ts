import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TenantSchema, TenantState, type Tenant } from "@foedus/gen/foedus/tenant/v1/tenant_pb.js";
import type { ListTenantsRequest } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import type { Change } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { hubTenant } from "@foedus/kernel/tenant.ts";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import { decide } from "../../runtime/storage/decide.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { provision, type TenantWish } from "./tenant.ts";

/** The rows of tenants. They are the hub's own, whichever tenant its operators are of. */
export function tenantStore(storage: Storage) {
  return {
    /** Makes a tenant; what `admit` throws undoes it. */
    create: <Schema extends DescMessage>(write: Write, wish: TenantWish, kit: Admit<Schema>) =>
      create(storage, write, wish, kit),
    change: (write: Write, name: string, transition: Transition) =>
      change(storage, write, name, transition),
    /** Decides something about a tenant that does not change it. */
    about: <Schema extends DescMessage>(write: Write, name: string, kit: Admit<Schema>) =>
      about(storage, write, name, kit),
    /** @throws Fault NOT_FOUND */
    get: (name: string) => storage.tenant(hubTenant, (tx) => load(tx, name)),
    /** By name. */
    list: (request: ListTenantsRequest) => list(storage, request),
    /** Makes sure that the tenant of the config is there. */
    ensure: (wish: TenantWish) => ensure(storage, wish),
    /** The suspended ones, and why. */
    suspended: () => suspended(storage),
  };
}

/** The rows of tenants. */
export type TenantStore = ReturnType<typeof tenantStore>;

type Transition = (tenant: Tenant, nowMs: number) => Change<Tenant>;

interface Admit<Schema extends DescMessage> {
  readonly schema: Schema;
  readonly answer: (tenant: Tenant) => Promise<MessageShape<Schema>>;
}

async function create<Schema extends DescMessage>(
  storage: Storage,
  write: Write,
  wish: TenantWish,
  { schema, answer }: Admit<Schema>,
): Promise<MessageShape<Schema>> {
  return await decide(storage, asHub(write), schema, async (tx) => {
    const { next, facts } = provision(wish, tx.nowMs);
    if (!(await insert(tx, next))) throw new Fault(Reason.TENANT_EXISTS, { tenant: next.name });
    return { answer: await answer(next), facts, object: next.name };
  });
}

async function change(
  storage: Storage,
  write: Write,
  name: string,
  transition: Transition,
): Promise<Tenant> {
  return await decide(storage, asHub(write), TenantSchema, async (tx) => {
    const { next, facts } = transition(await load(tx, name, true), tx.nowMs);
    await tx.sql
      .updateTable("tenant")
      .set({ state: next.state, body: toBody(TenantSchema, next) })
      .where("tenant_id", "=", tx.tenant)
      .where("name", "=", name)
      .execute();
    return { answer: next, facts, object: name };
  });
}

async function about<Schema extends DescMessage>(
  storage: Storage,
  write: Write,
  name: string,
  { schema, answer }: Admit<Schema>,
): Promise<MessageShape<Schema>> {
  return await decide(storage, asHub(write), schema, async (tx) => {
    return { answer: await answer(await load(tx, name)), facts: [], object: name };
  });
}

async function list(storage: Storage, { page }: ListTenantsRequest) {
  const { size, after } = pageWish(page, "tenants");
  return await storage.tenant(hubTenant, async (tx) => {
    let query = tx.sql.selectFrom("tenant").select("body").where("tenant_id", "=", tx.tenant);
    if (after !== undefined) query = query.where("name", ">", after[0] ?? "");
    const rows = await query.orderBy("name").limit(size).execute();
    const tenants = rows.map(({ body }) => fromBody(TenantSchema, body));
    const last = rows.length === size ? tenants.at(-1) : undefined;
    const nextPageToken = last === undefined ? "" : pageToken("tenants", [last.name]);
    return { tenants, nextPageToken };
  });
}

async function ensure(storage: Storage, wish: TenantWish): Promise<void> {
  await storage.tenant(hubTenant, async (tx) => {
    const { next, facts } = provision(wish, tx.nowMs);
    if (await insert(tx, next)) await tell(tx, facts);
  });
}

async function suspended(storage: Storage): Promise<Map<string, string>> {
  return await storage.tenant(hubTenant, async (tx) => {
    const rows = await tx.sql
      .selectFrom("tenant")
      .select(["name", "body"])
      .where("tenant_id", "=", tx.tenant)
      .where("state", "=", TenantState.SUSPENDED)
      .execute();
    return new Map(rows.map(({ name, body }) => [name, fromBody(TenantSchema, body).reason]));
  });
}

async function load(tx: TenantTx, name: string, forUpdate = false): Promise<Tenant> {
  const query = tx.sql
    .selectFrom("tenant")
    .select("body")
    .where("tenant_id", "=", tx.tenant)
    .where("name", "=", name);
  const row = await (forUpdate ? query.forUpdate() : query).executeTakeFirst();
  if (row === undefined) throw new Fault(Reason.NOT_FOUND, { object: `tenant ${name}` });
  return fromBody(TenantSchema, row.body);
}

/** False when there is one of that name. */
async function insert(tx: TenantTx, tenant: Tenant): Promise<boolean> {
  const { name, state } = tenant;
  const row = { tenant_id: tx.tenant, name, state, body: toBody(TenantSchema, tenant) };
  const result = await tx.sql
    .insertInto("tenant")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

function asHub(write: Write): Write {
  return { ...write, caller: { ...write.caller, tenant: hubTenant } };
}

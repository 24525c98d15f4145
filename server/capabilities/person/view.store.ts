import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { ViewSchema, type View } from "@foedus/gen/foedus/person/v1/person_pb.js";
import {
  ListViewsResponseSchema,
  type ListViewsRequest,
  type ListViewsResponse,
} from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import type { PersonCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import { decide } from "../../runtime/storage/decide.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { raiseRevision } from "../../runtime/storage/revision.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { changedView, newView, requireRemovable, type ViewWish } from "./view.ts";

/** The table of saved views. */
export function viewStore(storage: Storage) {
  return {
    /** The person's own and the shared ones, oldest first. */
    list: (tenant: TenantId, personId: string, request: ListViewsRequest) =>
      list(storage, tenant, personId, request),

    /** Adds a view, or changes the one with that id. */
    save: (write: Write, caller: PersonCaller, id: string, wish: ViewWish): Promise<View> =>
      decide(storage, write, ViewSchema, async (tx) => {
        await settle(tx);
        const next =
          id === ""
            ? await madeView(tx, caller, wish)
            : changedView(await loadView(tx, id), wish, caller);
        await requireFreeName(tx, next);
        await put(tx, next);
        return { answer: next, facts: [], object: next.id };
      }),

    remove: (write: Write, caller: PersonCaller, id: string): Promise<View> =>
      decide(storage, write, ViewSchema, async (tx) => {
        await settle(tx);
        const known = await loadView(tx, id);
        requireRemovable(known, caller);
        await tx.sql
          .deleteFrom("person_view")
          .where("tenant_id", "=", tx.tenant)
          .where("id", "=", id)
          .execute();
        return { answer: known, facts: [], object: id };
      }),
  };
}

/** The table of saved views. */
export type ViewStore = ReturnType<typeof viewStore>;

/** Views of a tenant change one after the other: they are counted, and their names compared. */
async function settle(tx: TenantTx): Promise<void> {
  await raiseRevision(tx, "person.view");
}

async function madeView(tx: TenantTx, caller: PersonCaller, wish: ViewWish): Promise<View> {
  const { has } = await tx.sql
    .selectFrom("person_view")
    .where("tenant_id", "=", tx.tenant)
    .where("person_id", "=", caller.personId)
    .select((select) => select.fn.countAll().as("has"))
    .executeTakeFirstOrThrow();
  const id = newId("view", tx.world);
  return newView(wish, caller, { id, has: Number(has), nowMs: tx.nowMs });
}

async function loadView(tx: TenantTx, id: string): Promise<View> {
  const row = await tx.sql
    .selectFrom("person_view")
    .select("body")
    .where("tenant_id", "=", tx.tenant)
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw new Fault(Reason.NOT_FOUND, { object: `view ${id}` });
  return fromBody(ViewSchema, row.body);
}

async function requireFreeName(tx: TenantTx, { id, personId, name }: View): Promise<void> {
  const same = await tx.sql
    .selectFrom("person_view")
    .select("id")
    .where("tenant_id", "=", tx.tenant)
    .where("person_id", "=", personId)
    .where("name", "=", name)
    .where("id", "<>", id)
    .executeTakeFirst();
  if (same !== undefined) throw new Fault(Reason.VIEW_NAME_TAKEN, { name });
}

async function put(tx: TenantTx, view: View): Promise<void> {
  const { id, personId, name, shared } = view;
  const changes = { name, shared, body: toBody(ViewSchema, view) };
  await tx.sql
    .insertInto("person_view")
    .values({ tenant_id: tx.tenant, id, person_id: personId, ...changes })
    .onConflict((conflict) => conflict.columns(["tenant_id", "id"]).doUpdateSet(changes))
    .execute();
}

async function list(
  storage: Storage,
  tenant: TenantId,
  personId: string,
  { page }: ListViewsRequest,
): Promise<ListViewsResponse> {
  const { size, after } = pageWish(page, "views");
  return await storage.tenant(tenant, async (tx) => {
    let query = tx.sql
      .selectFrom("person_view")
      .select("body")
      .where("tenant_id", "=", tenant)
      .where((or) => or.or([or("person_id", "=", personId), or("shared", "=", true)]));
    if (after !== undefined) query = query.where("id", ">", after[0] ?? "");
    const rows = await query.orderBy("id").limit(size).execute();
    const views = rows.map((row) => fromBody(ViewSchema, row.body));
    const last = views.length === size ? views.at(-1) : undefined;
    const nextPageToken = last === undefined ? "" : pageToken("views", [last.id]);
    return create(ListViewsResponseSchema, { views, nextPageToken });
  });
}

import type { Person } from "@foedus/gen/foedus/person/v1/person_pb.js";
import { PersonSchema } from "@foedus/gen/foedus/person/v1/person_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";

/** Makes sure that a person is known; an earlier one of that id stays as it is. */
export async function ensurePerson(tx: TenantTx, person: Person): Promise<void> {
  await tx.sql
    .insertInto("person")
    .values({ tenant_id: tx.tenant, id: person.id, body: toBody(PersonSchema, person) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The same for somebody who operates the hub; whom an older hub knew does so from now on. */
export async function ensureOperator(tx: TenantTx, operator: Person): Promise<void> {
  await ensurePerson(tx, operator);
  const known = await loadPerson(tx, operator.id);
  if (known.operator) return;
  await tx.sql
    .updateTable("person")
    .set({ body: toBody(PersonSchema, { ...known, operator: true }) })
    .where("tenant_id", "=", tx.tenant)
    .where("id", "=", operator.id)
    .execute();
}

/** A person of the tenant. @throws Fault NOT_FOUND. */
export async function loadPerson(tx: TenantTx, id: string): Promise<Person> {
  const row = await tx.sql
    .selectFrom("person")
    .select("body")
    .where("tenant_id", "=", tx.tenant)
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw new Fault(Reason.NOT_FOUND, { object: `person ${id}` });
  return fromBody(PersonSchema, row.body);
}

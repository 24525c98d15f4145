import type { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { PersonSchema } from "@foedus/gen/foedus/person/v1/person_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { fromBody } from "../../runtime/storage/body.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { callerOfSession, visitorAs } from "./person.ts";

/** What somebody may do in a tenant now. */
interface Standing {
  /** `person/<id>`. */
  readonly caller: string;
  readonly role: Role;
}

/** How these callers stand: people of the tenant, and who visits it just now. */
export async function standingsOf(
  storage: Storage,
  tenant: TenantId,
  callers: readonly string[],
): Promise<Standing[]> {
  const wanted = new Set(callers);
  const found = await storage.tenant(tenant, async (tx) => [
    ...(await peopleOf(tx, callers)),
    ...(await visitorsOf(tx)),
  ]);
  const standings = found.map((person) => {
    const { id: caller, role } = callerOfSession(tenant, person, "");
    return { caller, role };
  });
  return standings.filter(({ caller }) => wanted.has(caller));
}

const prefix = "person/";

async function peopleOf(tx: TenantTx, callers: readonly string[]) {
  const ids = callers.flatMap((id) => (id.startsWith(prefix) ? [id.slice(prefix.length)] : []));
  if (ids.length === 0) return [];
  const rows = await tx.sql
    .selectFrom("person")
    .select("body")
    .where("tenant_id", "=", tx.tenant)
    .where("id", "in", ids)
    .execute();
  return rows.map(({ body }) => fromBody(PersonSchema, body));
}

/** Of several visits of one operator the one counts that may do most. */
async function visitorsOf(tx: TenantTx) {
  const rows = await tx.sql
    .selectFrom("person_session")
    .select(({ fn }) => ["visitor", fn.max("visitor_role").as("role")])
    .where("tenant_id", "=", tx.tenant)
    .where("visitor", "<>", "")
    .where("expire_ms", ">", BigInt(tx.nowMs))
    .groupBy("visitor")
    .execute();
  return rows.map(({ visitor, role }) => visitorAs(visitor, role));
}

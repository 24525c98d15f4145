import type { AccessRule, AccessSettings } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessRuleSchema, AccessSettingsSchema } from "@foedus/gen/foedus/access/v1/access_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { fromBody, toBody } from "../../runtime/storage/body.ts";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import { GroupCommit } from "../../runtime/storage/group.ts";
import { raiseRevision } from "../../runtime/storage/revision.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { settingsDefault } from "./access.ts";

/** What enrollment holds against the number that it was judged by. */
export const accessRevision = "access";

/** How many who are judged at the same time share one look. */
const looksMax = 500;

/** What a tenant's joiners are judged by. */
export interface Known {
  readonly settings: AccessSettings;
  readonly rules: readonly AccessRule[];
  readonly revision: bigint;
}

/** Looks up settings and lists; a look begins after it was asked for, so it is never too old. */
export function openStandings(storage: Storage): (tenant: TenantId) => Promise<Known> {
  const flush = (tenants: readonly TenantId[]) => readStandings(storage, tenants);
  const looks = new GroupCommit(flush, { itemsMax: looksMax });
  return (tenant) => looks.add(tenant);
}

/**
 * The number first: what is decided after that is either seen, or the number is too old for
 * whoever acts on it.
 */
async function readStandings(
  { sweeper }: Storage,
  tenants: readonly TenantId[],
): Promise<readonly Known[]> {
  const all = [...new Set(tenants)];
  const numbers = await sweeper
    .selectFrom("revision")
    .select(["tenant_id", "number"])
    .where("name", "=", accessRevision)
    .where("tenant_id", "in", all)
    .execute()
    .catch(rethrowFault);
  const settings = await sweeper
    .selectFrom("access_settings")
    .selectAll()
    .where("tenant_id", "in", all)
    .execute()
    .catch(rethrowFault);
  const rules = await sweeper
    .selectFrom("access_rule")
    .select(["tenant_id", "body"])
    .where("tenant_id", "in", all)
    .orderBy("id")
    .execute()
    .catch(rethrowFault);
  const numberOf = new Map(numbers.map((row) => [row.tenant_id, row.number]));
  const settingsOf = new Map(settings.map((row) => [row.tenant_id, row.body]));
  const rulesOf = Map.groupBy(rules, (row) => row.tenant_id);
  const knownOf = (tenant: TenantId): Known => {
    const body = settingsOf.get(tenant);
    const revision = numberOf.get(tenant) ?? 0n;
    const found = body === undefined ? settingsDefault : fromBody(AccessSettingsSchema, body);
    const own = rulesOf.get(tenant) ?? [];
    return {
      settings: { ...found, revision },
      rules: own.map((row) => fromBody(AccessRuleSchema, row.body)),
      revision,
    };
  };
  const known = new Map(all.map((tenant) => [tenant, knownOf(tenant)]));
  return tenants.map((tenant) => known.get(tenant) ?? knownOf(tenant));
}

/** From the commit on nobody is admitted by what was before. Call it first in a decision. */
export function raise(tx: TenantTx): Promise<bigint> {
  return raiseRevision(tx, accessRevision);
}

/** The settings as they stand in this transaction. */
export async function loadSettings(tx: TenantTx): Promise<AccessSettings> {
  const row = await tx.sql
    .selectFrom("access_settings")
    .select("body")
    .where("tenant_id", "=", tx.tenant)
    .executeTakeFirst();
  return row === undefined ? settingsDefault : fromBody(AccessSettingsSchema, row.body);
}

/** Writes the settings. */
export async function saveSettings(tx: TenantTx, settings: AccessSettings): Promise<void> {
  const body = toBody(AccessSettingsSchema, settings);
  await tx.sql
    .insertInto("access_settings")
    .values({ tenant_id: tx.tenant, body })
    .onConflict((on) => on.column("tenant_id").doUpdateSet({ body }))
    .execute();
}

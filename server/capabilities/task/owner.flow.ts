import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub } from "../../runtime/capability.ts";

/** Those of these callers who may submit tasks now: what schedules submit, they submit. */
export async function thoseWhoMay(
  { calls, served }: Pick<Hub, "calls" | "served">,
  tenant: TenantId,
  owners: readonly string[],
): Promise<ReadonlySet<string>> {
  served.require(tenant);
  const people = calls.as(PersonService, insideCaller("task", tenant));
  const { standings } = await people.getStandings({ callers: [...new Set(owners)] });
  const able = standings.filter(({ role }) => role >= Role.MEMBER);
  return new Set(able.map(({ caller }) => caller));
}

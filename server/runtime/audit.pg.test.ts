import { fromBinary } from "@bufbuild/protobuf";
import { AuditEntrySchema } from "@foedus/gen/foedus/audit/v1/audit_pb.js";
import { hubTenant, tenantProved } from "@foedus/kernel/tenant.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { cloneDatabase } from "../../tests/support/database.ts";
import { openTestStorage, silentLog } from "../../tests/support/storage.ts";
import { storageAudit } from "./audit.storage.ts";
import type { Refusal } from "./audit.ts";

const main = tenantProved("main");

function refusal(part: Partial<Refusal>): Refusal {
  const method = "foedus.hub.v1.HubService/GetConfig";
  return {
    tenant: main,
    caller: "person/olga",
    method,
    requestId: "",
    outcome: "NOT_ALLOWED",
    ...part,
  };
}

test("refusals reach their tenant's log, equal ones as one leaf that says how many", async () => {
  await using storage = await openTestStorage((await cloneDatabase()).url);
  const audit = storageAudit(storage, realWorld, silentLog);
  for (let n = 0; n < 1_000; n++) audit.refused(refusal({}));
  audit.refused(refusal({ outcome: "NOT_YOURS", requestId: "r-1" }));
  audit.refused(refusal({ tenant: hubTenant, caller: "visitor/127.0.0.1" }));
  await audit.stop();
  const entries = (tenant: typeof main) =>
    storage.tenant(tenant, async ({ sql }) => {
      const rows = await sql.selectFrom("audit_leaf").select("body").execute();
      return rows.map(({ body }) => fromBinary(AuditEntrySchema, body));
    });
  const ours = await entries(main);
  expect(ours.map(({ outcome, facts, requestId }) => ({ outcome, facts, requestId }))).toEqual(
    expect.arrayContaining([
      { outcome: "NOT_ALLOWED", facts: ["1000 times"], requestId: "" },
      { outcome: "NOT_YOURS", facts: [], requestId: "r-1" },
    ]),
  );
  expect(ours).toHaveLength(2);
  expect((await entries(hubTenant)).map(({ caller }) => caller)).toEqual(["visitor/127.0.0.1"]);
});

test("refusals that cannot be written stand in the log, and cost no call", async () => {
  const storage = await openTestStorage((await cloneDatabase()).url);
  await storage.close();
  const lines: unknown[] = [];
  const log = {
    ...silentLog,
    error: (event: string, facts: unknown) => void lines.push([event, facts]),
  };
  const audit = storageAudit(storage, realWorld, log);
  audit.refused(refusal({}));
  await audit.stop();
  expect(JSON.stringify(lines)).toContain("person/olga");
});

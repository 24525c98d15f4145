// A flow leaves one audit leaf a session, however many messages it has.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { AuditEntrySchema } from "@foedus/gen/foedus/audit/v1/audit_pb.js";
import { HealthSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { joinHub } from "../../clients/sdk/join.ts";
import { openNode } from "../../clients/sdk/open.ts";
import { startLocalHub, type LocalHub } from "../support/hub.local.ts";
import { until } from "../support/until.ts";
import { home, personCaller } from "./callers.ts";

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: { heartbeat_ms: "200" } });
});
afterAll(() => local.stop());

test("a flow is audited once a session", async () => {
  const owner = local.hub.calls.as(IdentityService, personCaller(home, Role.ADMIN));
  const { secret: token, invitation } = await owner.createToken({ requestId: randomUUID() });
  const folder = join(local.data, "node");
  await joinHub({ invitation, token, folder });
  await using node = await openNode(folder);
  await node.register({ kind: NodeKind.INSTANCE });
  for (let n = 0; n < 5; n++) await node.publish(HealthSchema, { sampleMs: 1n });
  await until(async () => {
    const flows = (await leaves()).filter(({ caller }) => caller === node.spiffeId);
    const methods = flows.map(({ method, outcome }) => `${method} ${outcome}`);
    expect(methods.filter((line) => !line.includes("RegisterNode")).toSorted()).toEqual([
      "foedus.event.v1.EventService/Publish OK",
      "foedus.link.v1.LinkService/OpenLink OK",
      "foedus.link.v1.LinkService/ReportLink OK",
      "foedus.node.v1.NodeService/Heartbeat OK",
    ]);
  });
});

async function leaves() {
  return await local.hub.storage.tenant(home, async ({ sql }) => {
    const rows = await sql.selectFrom("audit_leaf").select("body").execute();
    return rows.map(({ body }) => fromBinary(AuditEntrySchema, body));
  });
}

import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { home, personCaller } from "../../../tests/access/callers.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { eventOf, freely, publish, registeredNode } from "../../../tests/support/joined.ts";
import { until } from "../../../tests/support/until.ts";
import { breachMax } from "./breach.ts";

let local: LocalHub;
beforeAll(async () => (local = await startLocalHub({ values: freely })));
afterAll(() => local.stop());

async function identityOf(nodeId: string) {
  const client = local.hub.calls.as(IdentityService, personCaller(home, Role.ADMIN));
  return (await client.listIdentities({ nodeIds: [nodeId] })).identities[0];
}

test("a node that speaks in another's name is cut off, with the evidence", async () => {
  const [liar, victim] = [await registeredNode(local.hub), await registeredNode(local.hub)];
  for (let at = 0; at < breachMax; at += 1) {
    const lie = eventOf(victim.spiffeId, TelemetrySyncSchema, {}, { sequence: BigInt(at + 1) });
    await expect(publish(liar, [lie])).rejects.toThrow("belongs to somebody else");
  }
  const found = await until(async () => {
    const identity = await identityOf(liar.id);
    expect(identity?.quarantinedBy).toBe("svc/access");
    return identity;
  });
  const events = local.hub.calls.as(EventService, personCaller(home, Role.ADMIN));
  for (const cursor of found?.quarantineCursors ?? []) {
    expect((await events.getEvent({ cursor })).event?.cursor).toBe(cursor);
  }
  expect(found?.quarantineCursors.length).toBeGreaterThan(0);
  expect((await identityOf(victim.id))?.quarantineTime).toBeUndefined();
});

// What learning keeps of nodes that are there no more.
import { randomUUID } from "node:crypto";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { TrustLevel } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import * as joined from "../../../tests/support/joined.ts";
import { readLevels } from "./cycle.store.ts";
import { forgetAllEnded } from "./ended.loop.ts";
import { readWitnesses } from "./witness.store.ts";

const main = tenantProved("main");
let local: LocalHub;
beforeAll(async () => (local = await startLocalHub({ values: joined.freely })));
afterAll(() => local.stop());

test("nothing is kept of a node that was retired, and all of those that are there", async () => {
  const { hub } = local;
  const learning = hub.calls.as(LearningService, joined.personOf(Role.ADMIN));
  const [gone, stays] = [await joined.registeredNode(hub), await joined.registeredNode(hub)];
  for (const { id, name, spiffeId, key, events } of [gone, stays]) {
    const told = joined.eventOf(spiffeId, TelemetrySyncSchema, {});
    await events.publish({ batch: joined.signed({ key }, [told]) });
    const wish = { node: id, level: TrustLevel.VERIFIED, reason: `seen ${name}` };
    await learning.setTrustLevel({ requestId: randomUUID(), ...wish });
  }
  await learning.runCycle({ requestId: randomUUID() });
  const kept = async () => {
    return await hub.storage.tenant(main, async (tx) => [
      [...(await readWitnesses(tx)).keys()].toSorted(),
      [...(await readLevels(tx)).keys()].toSorted(),
    ]);
  };
  const both = [gone.id, stays.id].toSorted();
  expect(await kept()).toEqual([both, both]);
  const owner = hub.calls.as(NodeService, joined.personOf(Role.ADMIN));
  await owner.retireNode({ requestId: randomUUID(), node: gone.id, reason: "replaced" });
  await forgetAllEnded(hub, [main]);
  expect(await kept()).toEqual([[stays.id], [stays.id]]);
});

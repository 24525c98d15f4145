import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestHub, type TestHub } from "../../tests/support/federated.ts";
import { errorOf } from "./error.wire.ts";

let hub: TestHub;
beforeAll(async () => (hub = await startTestHub()));
afterAll(() => hub.stop());

const lifetimeMs = 4_000;

test("an agent's stream outlives its tokens, and ends with the agent", async () => {
  const node = await hub.node("host");
  await node.register({ kind: 1 });
  const agent = await node.agent("scout", { lifetimeMs });
  expect(agent.spiffeId).toBe(`${node.spiffeId}/agent/scout`);
  const watch = agent.client(NodeService).watchNodes({})[Symbol.asyncIterator]();
  const startMs = node.hubNow();
  let told = 0;
  for (let n = 0; node.hubNow() - startMs < 2 * lifetimeMs; n++) {
    await node.register({ kind: 1, title: `title ${n}` });
    const step = await watch.next();
    if (step.done !== true && step.value.item.case === "changed") told += 1;
  }
  expect(told).toBeGreaterThan(0);
  expect(agent.signal.aborted).toBe(false);
  await agent.close();
  const call = agent.client(NodeService).listNodes({ states: [NodeState.ONLINE] });
  expect(errorOf(await call.catch((error: unknown) => error)).reason).toBe(Reason.NODE_CLOSED);
  await node.close();
});

test("an agent may do no more than its node", async () => {
  const node = await hub.node("humble");
  const refused = await node.agent("boss", { role: Role.ADMIN }).catch((error: unknown) => error);
  expect(errorOf(refused).reason).toBe(Reason.AGENT_ROLE_TOO_HIGH);
  await node.close();
});

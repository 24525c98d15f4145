// Whose budget a call costs, where callers can make as many names for themselves as they like.
import { create } from "@bufbuild/protobuf";
import { HubConfigSchema } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { expect, test } from "vitest";
import { agentCaller, home, nodeCaller, peerCaller } from "../../../tests/access/callers.ts";
import { fixedWorld } from "../../../tests/support/world.fixed.ts";
import type { Peer } from "../listen/peer.ts";
import type { AgentProofs } from "./authenticate.ts";
import { authenticate } from "./authenticate.ts";
import type { GuardCall } from "./guard.ts";
import { limit, messageWaitMs } from "./limit.ts";
import { openRates } from "./rates.ts";
import { rpcsOf } from "./rpc.ts";

const peer: Peer = { address: "1", spiffeId: "spiffe://x/y", serial: "1", expireMs: 1, chain: [] };
const config = create(HubConfigSchema, { controlRate: 60, streamRate: 60, publishRate: 60 });
const burst = 30;

function callBy(caller: Caller | undefined, header = new Headers()): GuardCall {
  const [rpc] = rpcsOf(NodeService, { tier: Tier.P0 });
  if (rpc === undefined) throw new Error("no method");
  const where = { door: "node", address: "127.0.0.1", peer, host: "localhost" } as const;
  return { ...where, rpc, header, answer: new Headers(), caller };
}

/** How many of the callers pass before the first is refused. */
function passing(callers: readonly Caller[]): number {
  const guard = limit(openRates(fixedWorld()), () => config);
  const refused = callers.findIndex((caller) => {
    try {
      void guard(callBy(caller));
      return false;
    } catch {
      return true;
    }
  });
  return refused === -1 ? callers.length : refused;
}

const many = Array.from({ length: 3 * burst }, (_, at) => at);
const agents = many.map((at) => {
  const one = agentCaller(home, "node_1", Role.OBSERVER, 0);
  return { ...one, agent: `a${at}`, id: one.id.replace(/[^/]+$/, `a${at}`) };
});

test("the agents of a node share one budget, however many it makes", () => {
  expect(passing(agents)).toBe(burst);
});

test("what its agents use, the node itself still has", () => {
  const rates = openRates(fixedWorld());
  while (agents.every((one) => messageWaitMs(rates, config, callBy(one)) === 0));
  expect(messageWaitMs(rates, config, callBy(nodeCaller(home, "node_1", Role.MEMBER, 0)))).toBe(0);
  const others = agentCaller(home, "node_2", Role.OBSERVER, 0);
  expect(messageWaitMs(rates, config, callBy(others))).toBe(0);
});

test("the hubs of a peer share one budget, whatever ids its authority signs", () => {
  const hubs = many.map((at) => ({ ...peerCaller(home), id: `spiffe://peer.test/hub/hub_${at}` }));
  expect(passing(hubs)).toBe(burst);
});

test("who shows token after token that proves nothing has to wait, and nobody else has", async () => {
  let looks = 0;
  const wrong: AgentProofs = {
    authenticate: () => {
      looks += 1;
      return Promise.reject(new Fault(Reason.AGENT_TOKEN_INVALID, { detail: "a test" }));
    },
    requireStanding: () => undefined,
  };
  const known = (nodeId: string) => ({
    node: () => nodeCaller(home, nodeId, Role.MEMBER, 0),
    agents: wrong,
    person: undefined,
  });
  const rates = openRates(fixedWorld());
  const header = () => new Headers({ authorization: "Bearer a.b.c" });
  const tries = async (nodeId: string, count: number) => {
    const guard = authenticate(() => known(nodeId), rates);
    for (let at = 0; at < count; at += 1) {
      await Promise.resolve(guard(callBy(undefined, header()))).catch(() => undefined);
    }
  };
  await tries("node_1", 2_000);
  expect(looks).toBe(300);
  await tries("node_2", 1);
  expect(looks).toBe(301);
});

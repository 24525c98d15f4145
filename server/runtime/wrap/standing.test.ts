// Whether the caller of a stream may still do what it was let in for.
import { HubConfigSchema } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { create } from "@bufbuild/protobuf";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Caller, NodeCaller, PersonCaller } from "@foedus/kernel/caller.ts";
import { expect, test } from "vitest";
import { agentCaller, home, nodeCaller, personCaller } from "../../../tests/access/callers.ts";
import { fixedWorld } from "../../../tests/support/world.fixed.ts";
import type { Authenticators } from "../guards/authenticate.ts";
import type { GuardCall } from "../guards/guard.ts";
import { openRates } from "../guards/rates.ts";
import { rpcsOf } from "../guards/rpc.ts";
import type { Peer } from "../listen/peer.ts";
import { openLog } from "../log.pino.ts";
import { openMeters } from "../meters.ts";
import { openServed } from "../served.ts";
import { standingOf } from "./standing.ts";
import type { WrapKit } from "./watch.ts";

const peer: Peer = { address: "1", spiffeId: "spiffe://x/y", serial: "1", expireMs: 1, chain: [] };
const hour = 3_600_000;

/** A stream that only members may have, and who its caller is by now. */
function stream(caller: Caller, now: () => { node?: NodeCaller; person?: PersonCaller }) {
  const world = fixedWorld(0);
  const authenticators = (): Authenticators => ({
    node: () => now().node ?? nodeCaller(home, "node_1", Role.MEMBER, hour),
    agents: { authenticate: () => Promise.reject(new Error()), requireStanding: () => undefined },
    person: () => Promise.resolve(now().person),
  });
  const kit: WrapKit = {
    world,
    log: openLog({ clock: world.clock, level: "error", forPeople: false }),
    meters: openMeters(),
    audit: { refused: () => undefined, began: () => undefined },
    rates: openRates(world),
    served: openServed(),
    draining: new AbortController().signal,
    config: () => create(HubConfigSchema),
    authenticators,
  };
  const rpc = rpcsOf(NodeService, { tier: Tier.P0 }).find(
    ({ policy }) => policy.leastRole === Role.MEMBER,
  );
  if (rpc === undefined) throw new Error("no method needs a member");
  const header = new Headers({ authorization: "Bearer secret" });
  const where = { address: "127.0.0.1", host: "localhost", header, answer: new Headers() };
  const door = caller.kind === "person" ? "web" : "node";
  const call: GuardCall = { ...where, door, rpc, peer, caller };
  return { stands: standingOf(kit, call), world };
}

test("a node that lost its role has no stream that takes one", () => {
  let role: Role = Role.MEMBER;
  const now = () => ({ node: nodeCaller(home, "node_1", role, hour) });
  const { stands } = stream(now().node, now);
  void stands();
  role = Role.OBSERVER;
  expect(() => void stands()).toThrow("needs person or node with role member");
});

test("nor have its agents", () => {
  let role: Role = Role.MEMBER;
  const now = () => ({ node: nodeCaller(home, "node_1", role, hour) });
  const { stands } = stream(agentCaller(home, "node_1", Role.MEMBER, hour), now);
  void stands();
  role = Role.OBSERVER;
  expect(() => void stands()).toThrow("with role member");
});

test("a person who lost a role is asked again within ten seconds", async () => {
  let role: Role = Role.MEMBER;
  const now = () => ({ person: personCaller(home, role) });
  const { stands, world } = stream(now().person, now);
  role = Role.OBSERVER;
  await stands();
  world.advance(10_000);
  await expect(Promise.resolve().then(stands)).rejects.toThrow("with role member");
});

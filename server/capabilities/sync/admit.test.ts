import { create } from "@bufbuild/protobuf";
import { Audience, Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { HubConfigSchema } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { GrantSchema, type Grant } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { OpenSchema } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import type { AgentCaller, Caller, NodeCaller } from "@foedus/kernel/caller.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { realWorld as world } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { drive, twinOf } from "../../../tests/support/driven.ts";
import { admit, sessionsMax, type SyncKit } from "./admit.rpc.ts";

const tenant = tenantProved("main");
const open = create(OpenSchema, { protocolMin: 1, protocolMax: 1, replica: "r" });

const node = (nodeId: string, role = Role.MEMBER): NodeCaller => ({
  kind: "node",
  audience: Audience.NODE,
  tenant,
  role,
  id: `spiffe://foedus.local/tenant/main/node/${nodeId}`,
  nodeId,
  certificateSerial: "1",
  certificateExpireMs: Number.POSITIVE_INFINITY,
});

const agent = (nodeId: string, name: string): AgentCaller => ({
  ...node(nodeId),
  kind: "agent",
  audience: Audience.AGENT,
  id: `spiffe://foedus.local/tenant/main/node/${nodeId}/agent/${name}`,
  agent: name,
  tokenId: name,
  tokenExpireMs: Number.POSITIVE_INFINITY,
});

/** What lets somebody in, and the keys that were claimed. */
function door() {
  const log = twinOf();
  const driver = drive({ answer: async (request) => log.answer(request, 0) });
  const claimed: string[] = [];
  // What is remembered of one grant: another promise once it is another.
  const known = { grant: Promise.resolve<Grant | undefined>(undefined) };
  const waits = { claim: Promise.resolve() };
  const kit = {
    hub: {
      config: () => create(HubConfigSchema, { zones: ["world", "eu"] }),
      identity: { trustDomain: "foedus.local" },
      storage: { nowMs: () => 0 },
      world,
    },
    driver,
    grants: { find: () => known.grant },
    writers: {
      claim: async (_tenant: string, replica: string, owner: string) => {
        claimed.push(replica);
        await waits.claim;
        return owner;
      },
    },
  } as unknown as SyncKit;
  return {
    claimed,
    driver,
    known,
    waits,
    enter: (caller: Caller, said = open) => admit(kit, caller, said),
  };
}

test("a node has as many sessions as it may, however it calls its agents, and not one more", async () => {
  const { enter } = door();
  const seats = [await enter(node("one"))];
  for (let at = 1; at < sessionsMax; at++) seats.push(await enter(agent("one", `a${at}`)));
  const refused = { reason: Reason.SYNC_SESSIONS_MAX, facts: { owner: "one" } };
  await expect(enter(agent("one", "another"))).rejects.toMatchObject(refused);
  await expect(enter(node("one"))).rejects.toMatchObject(refused);
  await enter(node("other"));
  seats.at(-1)?.seat.leave();
  await enter(agent("one", "another"));
});

test("whoever may only read claims no key", async () => {
  const { enter, claimed } = door();
  expect((await enter(node("reader", Role.OBSERVER))).opened.writes).toBe(false);
  expect(claimed).toEqual([]);
  await enter(node("writer"));
  expect(claimed).toEqual(["r"]);
});

test("nobody comes in under a name that no table has room for, reader or writer", async () => {
  const { enter, claimed } = door();
  const as = (replica: string) => ({ ...open, replica });
  const refused = {
    reason: Reason.SYNC_FRAME_UNEXPECTED,
    facts: { detail: "a replica with no fair name" },
  };
  for (const role of [Role.OBSERVER, Role.MEMBER]) {
    for (const name of ["\u0000", "r\uffff", "r".repeat(65)]) {
      await expect(enter(node("one", role), as(name))).rejects.toMatchObject(refused);
    }
    await enter(node("one", role), as("r".repeat(64)));
    await enter(node("one", role), as(""));
  }
  expect(claimed).toEqual(["r".repeat(64)]);
});

const granted = (...zones: string[]) => create(GrantSchema, { nodeId: "one", zones });

test("a grant that is narrowed while its node waits at the door holds for that session", async () => {
  const { enter, driver, known, waits } = door();
  const narrow = () => {
    known.grant = Promise.resolve(granted("world"));
    driver.leave(({ grantee }) => grantee === "one", "an admin changed what this node may do");
  };
  known.grant = Promise.resolve(granted("world", "eu"));
  const claiming = Promise.withResolvers<void>();
  waits.claim = claiming.promise;
  const atClaim = enter(node("one"));
  narrow();
  claiming.resolve();
  expect((await atClaim).opened.zones).toEqual(["world"]);
  const reading = Promise.withResolvers<Grant | undefined>();
  known.grant = reading.promise;
  const atGrant = enter(node("one", Role.OBSERVER));
  narrow();
  reading.resolve(granted("world", "eu"));
  expect((await atGrant).opened.zones).toEqual(["world"]);
});

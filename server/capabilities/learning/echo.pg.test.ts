// Two hubs that learn and hear each other: what one learned is nothing the other learns from.
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { HealthSchema, TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { UplinkState } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { HealthStatus } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { expect, onTestFinished, test } from "vitest";
import { home } from "../../../tests/access/callers.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import * as joined from "../../../tests/support/joined.ts";
import { startPeerHub, trusts, type PeerHub } from "../../../tests/support/peers.ts";
import { until } from "../../../tests/support/until.ts";
import { readHead } from "../../runtime/storage/log.ts";
import { capabilities } from "../../capabilities.ts";
import { cycleEveryMs } from "./window.ts";

const families = ["trust_aggregate", "priority_share", "model_update", "insight_report"];
const types = [...families, "learning.trust_scored"];
const rounds = 5;

const owner = joined.personOf(Role.ADMIN);

/** Joins a node that told something; what comes back is its heart, which keeps its lease. */
async function nodeThatTells({ hub }: LocalHub): Promise<() => Promise<void>> {
  const node = await joined.registeredNode(hub);
  const epoch = BigInt(Date.now());
  let sequence = 0n;
  const beat = async () => {
    sequence += 1n;
    const sentMs = BigInt(Date.now());
    const health = HealthStatus.HEALTHY;
    await node.nodes.heartbeat({ epoch, sequence, sentMs, roundTripUs: 2_000n, health });
  };
  await beat();
  await joined.publish(node, [
    joined.eventOf(node.spiffeId, TelemetrySyncSchema, { trustScore: 100 }),
    joined.eventOf(node.spiffeId, HealthSchema, {}, { sequence: 2n }),
  ]);
  return beat;
}

const learningOf = ({ hub }: LocalHub) => hub.calls.as(LearningService, owner);

async function cycle(local: LocalHub): Promise<void> {
  await learningOf(local).runCycle({ requestId: randomUUID() });
}

const trustOf = (local: LocalHub) =>
  until(async () => (await learningOf(local).listTrust({})).trust);

const headOf = ({ hub }: LocalHub) =>
  hub.storage.tenant(home, (tx) => readHead(tx, "event")).then(({ seq }) => seq);

/** How many events of each family a hub's log holds, told by it and told by others. */
async function counts({ hub }: LocalHub): Promise<Record<string, [own: number, others: number]>> {
  const found: Record<string, [number, number]> = {};
  const events = hub.calls.as(EventService, owner);
  for await (const { item } of events.subscribe({ afterCursor: 0n, types, untilHead: true })) {
    if (item.case !== "delivery") continue;
    for (const one of item.value.events) {
      const { type, source } = fromBinary(EventSchema, one.event);
      const count = (found[type] ??= [0, 0]);
      count[source === hub.identity.spiffeId ? 0 : 1] += 1;
    }
  }
  return found;
}

/** Until each of two peers was told all that the other one's log holds. */
async function settled(a: PeerHub, b: PeerHub): Promise<void> {
  for (const [hub, other] of [
    [a, b],
    [b, a],
  ] as const) {
    await until(async () => {
      const { peers } = await hub.operator().listPeers({});
      const peer = peers.find((one) => one.trustDomain === other.domain);
      expect(peer?.tellError).toBe("");
      expect(peer?.toldCursor).toBe(await headOf(hub.local));
    });
  }
}

const times = (own: number, others: number) =>
  Object.fromEntries(families.map((type) => [type, [own, others]]));

test("peers that tell each other all they learn have so many events a cycle, and no more", async () => {
  const both = await Promise.all(
    ["a.test", "b.test"].map((one) => startPeerHub(one, capabilities)),
  );
  const [a, b] = both;
  if (a === undefined || b === undefined) throw new Error("two hubs were started");
  onTestFinished(async () => void (await Promise.all(both.map(({ local }) => local.stop()))));
  await trusts(a, b, { tell: types, take: types, call: true });
  await trusts(b, a, { tell: types, take: types, call: true });
  const beats = [await nodeThatTells(a.local), await nodeThatTells(b.local)];
  for (let round = 1; round <= rounds; round += 1) {
    for (const beat of beats) await beat();
    for (const { local } of both) await cycle(local);
    await until(async () => {
      for (const { local } of both) expect(await counts(local)).toMatchObject(times(round, round));
    });
    await settled(a, b);
  }
  // Four of its own and four of the other one's a round, also once all was heard and told.
  for (const { local } of both) {
    expect(await counts(local)).toMatchObject(times(rounds, rounds));
    expect(await trustOf(local)).toHaveLength(1);
    // What the other one told is nothing new to judge by: the next cycle is not due early.
    const network = await until(() => learningOf(local).getNetwork({}));
    const { nextMs, cycle: newest } = network;
    expect(newest?.aggregate?.participants).toBe(1);
    expect(Number(nextMs)).toBeGreaterThan(cycleEveryMs);
  }
});

test("a parent and its child learn side by side, and neither hears what the other one learned", async () => {
  const parent = await startPeerHub("parent.test", capabilities);
  onTestFinished(() => parent.local.stop());
  const identity = parent.local.hub.calls.as(IdentityService, owner);
  const wish = { requestId: randomUUID(), name: "branch", role: Role.MEMBER };
  const file = join(parent.local.data, "branch.token");
  await writeFile(file, (await identity.createToken(wish)).secret);
  const above = { parent: parent.invitation, parent_token_file: file };
  const values = { ...joined.freely, lease_ms: "600000", trust_domain: "branch.test", ...above };
  const child = await startLocalHub({ values });
  onTestFinished(() => child.stop());
  await until(() => expect(child.running.status().uplink?.state).toBe(UplinkState.CONNECTED));
  const both = [parent.local, child];
  const beats = [await nodeThatTells(parent.local), await nodeThatTells(child)];
  for (let round = 1; round <= rounds; round += 1) {
    for (const beat of beats) await beat();
    for (const local of both) await cycle(local);
    await until(async () => {
      for (const local of both) expect(await counts(local)).toMatchObject(times(round, 0));
    });
  }
  // To its parent the child is a node that is judged by what it does, and nobody below it is.
  const trust = await trustOf(parent.local);
  expect(trust.map((one) => one.nodeName).filter((name) => name === "branch")).toHaveLength(1);
  expect(trust).toHaveLength(2);
  expect(await trustOf(child)).toHaveLength(1);
});

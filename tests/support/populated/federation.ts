// A real hub with many nodes, for benches, journeys and pictures.
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { join } from "node:path";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { startBundled } from "../../../server/runtime/storage/bundled.ts";
import { type HubSession, openSession } from "../../../tools/federation/session.ts";
import { onDatabase, runStatement } from "../database.ts";
import { makeDataFolder } from "../folder.ts";
import { type HubProcess, startHubProcess } from "../hub.process.ts";
import { degradedReason, fleetOf, type Planned } from "./fleet.ts";
import { fill } from "./fill.ts";
import { joinMember } from "./member.ts";
import type { Member, Populated, PopulatedOptions } from "./shape.ts";

const rate = "1000000000";
const limits = ["control", "join", "publish", "heartbeat", "stream"];

/** One heartbeat holds for so long, so that a thousand nodes need not beat to be seen online. */
const leaseMs = 3_600_000;

/** Limits are not what is looked at, so they let everything pass. */
const flags = [
  ...limits.flatMap((name) => [`--${name}-rate`, rate]),
  "--heartbeat-ms",
  "600000",
  "--lease-ms",
  String(leaseMs),
];

/** As many as keep a hub busy: more would only wait for it. */
const atOnce = 12;

/**
 * Starts a hub and lets nodes join, register, beat and tell, each with keys, a certificate and a
 * TLS session of its own, as `fleetOf` plans them. Every row and event is of the hub's own making;
 * only round trips and clocks are what the plan says, for all are on one machine.
 */
export async function startPopulated(options: PopulatedOptions): Promise<Populated> {
  const { name, count, joining = count } = options;
  await using opened = new AsyncDisposableStack();
  const folder = makeDataFolder(`populated-${name}`);
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startBundled({ folder, log: () => undefined });
  opened.defer(() => server.stop());
  await runStatement(server.url, "create database hub");
  const [url, data] = [onDatabase(server.url, "hub"), join(folder, "data")];
  const fleet = fleetOf(count);
  if (joining < count) await fill({ data, url }, fleet.slice(joining), leaseMs);
  const hub = await startHubProcess({ data, url, flags });
  opened.defer(async () => void (await hub.stop()));
  const members = await joinAll(hub, openSession(data), fleet.slice(0, joining));
  opened.defer(() => {
    for (const member of members) member.close();
  });
  await maintain(openSession(data), members);
  await openSession(data).as(LearningService).runCycle({ requestId: randomUUID() });
  const kept = opened.move();
  return {
    hub,
    members,
    count,
    session: () => openSession(data),
    stop: () => kept.disposeAsync(),
  };
}

async function joinAll(
  hub: HubProcess,
  session: HubSession,
  fleet: readonly Planned[],
): Promise<Member[]> {
  const identities = session.as(IdentityService);
  const listener = connectHttp2(`https://${hub.ready.join}`, { rejectUnauthorized: false });
  const joined = new Map<Planned, Member>();
  const waiting = fleet.toReversed();
  const line = async () => {
    for (let planned = waiting.pop(); planned !== undefined; planned = waiting.pop()) {
      const { name, role } = planned;
      const { secret } = await identities.createToken({ requestId: randomUUID(), name, role });
      joined.set(planned, await settled(await joinMember(listener, secret, planned)));
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, line));
  } finally {
    listener.destroy();
  }
  return fleet.flatMap((planned) => joined.get(planned) ?? []);
}

/** Lets a node do what its plan says. One that is to be offline says nothing any more. */
async function settled(member: Member): Promise<Member> {
  const { standing, tells } = member.planned;
  if (standing === "offline") {
    member.close();
    return member;
  }
  await member.beat(standing === "degraded" ? degradedReason : undefined);
  if (tells) await member.tell();
  await member.link();
  return member;
}

/** An admin says so: an observer may not say it of itself. */
async function maintain(session: HubSession, members: readonly Member[]): Promise<void> {
  const reason = "the disks are replaced until noon";
  for (const { id, planned } of members) {
    if (planned.standing !== "maintenance") continue;
    const wish = { requestId: randomUUID(), node: id, on: true, reason };
    await session.as(NodeService).setMaintenance(wish);
  }
}

// What is photographed: real hubs of three sizes.
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { RuleKind } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { TenantService } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { makeDataFolder } from "../../tests/support/folder.ts";
import { startPopulated } from "../../tests/support/populated/federation.ts";
import { askToJoin } from "../../tests/support/populated/newcomer.ts";
import type { HubSession } from "../federation/session.ts";
import { startFederation } from "../federation.ts";
import { contend } from "./contend.ts";
import { toil } from "./toil.ts";

/** A federation that stands still for its pictures. */
export interface Scene {
  readonly nodes: number;
  readonly web: string;
  /** The node whose panel is opened. */
  readonly node: string;
  /** The task whose page is opened. */
  readonly task: string;
  session(): HubSession;
  stop(): Promise<void>;
}

/** As many as `npm start` has. */
export const fewest = 3;

const onlineMs = 60_000;

/** Starts a hub with so many nodes; three are the instances of this repository. */
export async function openScene(nodes: number): Promise<Scene> {
  return nodes === fewest ? await openSmall() : await openPopulated(nodes);
}

async function openSmall(): Promise<Scene> {
  await using opened = new AsyncDisposableStack();
  const data = makeDataFolder("screenshots");
  opened.defer(() => rmSync(data, { recursive: true, force: true }));
  const federation = await startFederation({ data, ports: "auto", lively: true });
  opened.defer(() => federation.stop());
  await federation.online(AbortSignal.timeout(onlineMs));
  const session = federation.session();
  await session.as(LearningService).runCycle({ requestId: randomUUID() });
  const node = await idOf(session, "server");
  const work = await toil(session, data);
  opened.defer(() => work.stop());
  const kept = opened.move();
  return {
    nodes: fewest,
    web: federation.webUrl,
    node,
    task: work.taskId,
    session: () => federation.session(),
    stop: () => kept.disposeAsync(),
  };
}

async function openPopulated(nodes: number): Promise<Scene> {
  await using opened = new AsyncDisposableStack();
  const populated = await startPopulated({ name: "screenshots", count: nodes });
  opened.defer(() => populated.stop());
  const session = populated.session();
  await furnish(session);
  const writers = await contend(session);
  opened.defer(async () => {
    for (const writer of writers) await writer.close();
  });
  const data = makeDataFolder("screenshots-toil");
  opened.defer(() => rmSync(data, { recursive: true, force: true }));
  const work = await toil(session, data);
  opened.defer(() => work.stop());
  for (const name of ["laptop-of-mara", "edge-lisbon-04"]) await askToJoin(populated.hub, name);
  const node = await idOf(session, "checkout-prod-01");
  const kept = opened.move();
  return {
    nodes,
    web: populated.hub.ready.web,
    node,
    task: work.taskId,
    session: () => populated.session(),
    stop: () => kept.disposeAsync(),
  };
}

/** What operators have done by the time they look: rules, a quarantine, another tenant. */
async function furnish(session: HubSession): Promise<void> {
  const rules = [
    { kind: RuleKind.BLOCK, name: "test-*", reason: "test machines have a hub of their own" },
    { kind: RuleKind.ALLOW, name: "edge-*", reason: "the edge fleet of this spring" },
  ];
  const access = session.as(AccessService);
  for (const rule of rules) await access.addRule({ requestId: randomUUID(), rule });
  await session.as(TenantService).provisionTenant({
    requestId: randomUUID(),
    name: "partners",
    title: "Partners",
  });
  await session.as(IdentityService).quarantineNode({
    requestId: randomUUID(),
    node: await idOf(session, "accounts-prod-01"),
    reason: "it told two truths about one order",
  });
}

async function idOf(session: HubSession, node: string): Promise<string> {
  const { node: found } = await session.as(NodeService).getNode({ node });
  return found?.id ?? "";
}

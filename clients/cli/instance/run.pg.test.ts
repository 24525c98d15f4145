import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  GraphSummarySchema,
  HealthSchema,
  Health_Status,
  IntegrationEdgeSchema,
  PresenceSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { AuditSummarySchema } from "@foedus/gen/foedus/event/v1/report_event_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { TestHub } from "../../../tests/support/federated.ts";
import { startTestHub } from "../../../tests/support/federated.ts";
import { payloadOf } from "../../sdk/event/families.ts";
import type { FoedusNode } from "../../sdk/node.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const running = new Set<ChildProcess>();
let hub: TestHub;

beforeAll(async () => (hub = await startTestHub()));
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});
afterAll(() => hub.stop());

/** A workspace with two projects, one of which needs the other and something generated. */
function makeWorkspace(): string {
  const folder = hub.folder("work");
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("package.json", '{ "workspaces": ["shop", "lib", "gen"] }\n');
  write("shop/package.json", dependingOn("lib", "gen"));
  write("shop/main.ts", "one\ntwo\n");
  write("lib/package.json", '{ "name": "lib" }\n');
  write("gen/package.json", '{ "name": "gen" }\n');
  write("gen/a_pb.js", "export {};\n");
  return folder;
}

function dependingOn(...names: string[]): string {
  const dependencies = Object.fromEntries(names.map((name) => [name, "1.0.0"]));
  return `${JSON.stringify({ name: "shop", version: "1.0.0", dependencies }, null, 2)}\n`;
}

/** Runs an instance; resolves once it told its folder. */
async function runInstance(project: string, flags: readonly string[]): Promise<ChildProcess> {
  const args = ["instance", "run", "--project", project, ...flags];
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  running.add(child);
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.includes(": told ")) return child;
  }
  throw new Error("the instance ended before it told anything");
}

/** The first event of the source that fits. */
async function heard<T>(
  listener: FoedusNode,
  find: (event: Event) => T | undefined | false,
): Promise<T> {
  for await (const one of listener.subscribe({ afterCursor: 0n, verify: true })) {
    const found = one.kind === "event" ? find(one.event) : undefined;
    if (found !== undefined && found !== false) return found;
  }
  throw new Error("the node was closed");
}

/** The digest of the second summary, for which this asks. */
async function askedAgain(listener: FoedusNode): Promise<string> {
  const asked = { requestId: randomUUID(), reason: "a test" };
  const { nodes } = await hub.session().as(EventService).requestSummaries(asked);
  expect(nodes).toBeGreaterThan(0);
  let summaries = 0;
  const again = await heard(listener, (event) => {
    const told = payloadOf(event, GraphSummarySchema);
    return told !== undefined && (summaries += 1) === 2 && told;
  });
  return again.digest;
}

test("an instance joins by its token file, tells its folder, and takes back what is gone", async () => {
  const work = makeWorkspace();
  const listener = await hub.node("listener");
  const { secret, invitation } = await hub.session().token("shop");
  const tokenFile = hub.folder("token");
  writeFileSync(tokenFile, secret, { mode: 0o600 });
  const [project, folder] = [join(work, "shop"), hub.folder("shop")];
  const flags = ["--data", folder, "--invitation", invitation, "--token-file", tokenFile];
  const instance = await runInstance(project, flags);

  const presence = await heard(listener, (event) => payloadOf(event, PresenceSchema));
  expect(presence).toMatchObject({ projectSlug: "shop", version: "1.0.0", localPath: "" });
  const summary = await heard(listener, (event) => payloadOf(event, GraphSummarySchema));
  expect(summary.files).toBe(2n);
  expect([summary.shallow, summary.lastCommit]).toEqual([undefined, undefined]);
  const health = await heard(listener, (event) => payloadOf(event, HealthSchema));
  expect(health.status).toBe(Health_Status.HEALTHY);
  const telemetry = await heard(listener, (event) => payloadOf(event, TelemetrySyncSchema));
  expect(telemetry.sanitized).toBe(true);
  expect([telemetry.trustScore, telemetry.priorities]).toEqual([undefined, []]);
  const edges = ["lib", "gen"].map((name) =>
    heard(listener, (event) => {
      const edge = payloadOf(event, IntegrationEdgeSchema);
      return edge?.toPackage === name && edge;
    }),
  );
  expect((await Promise.all(edges)).map(({ removed, proof }) => [removed, proof?.line])).toEqual([
    [false, 5],
    [false, 6],
  ]);

  expect(await askedAgain(listener)).toBe(summary.digest);

  writeFileSync(join(project, "package.json"), dependingOn("gen"));
  const gone = await heard(listener, (event) => {
    const edge = payloadOf(event, IntegrationEdgeSchema);
    return edge?.removed === true && edge;
  });
  expect(gone.toPackage).toBe("lib");

  const before = await hub.session().as(NodeService).getNode({ node: "shop" });
  instance.kill("SIGTERM");
  await once(instance, "exit");
  const labels = ["--environment", "test", "--team", "tools", "--domain", "sales"];
  await runInstance(project, ["--data", folder, ...labels]);
  const after = await hub.session().as(NodeService).getNode({ node: "shop" });
  expect(after.node).toMatchObject({ id: before.node?.id, place: before.node?.place });
  const said = { project: "shop", environment: "test", team: "tools", domain: "sales" };
  expect(after.node?.profile).toMatchObject({ ...said, title: "Shop", version: "1.0.0" });
});

test("reports become summaries, a damaged one is why it is degraded, and both are taken back", async () => {
  const listener = await hub.node("reader");
  const project = hub.folder("app");
  mkdirSync(project);
  const report = join(project, "junit.xml");
  writeFileSync(report, '<testsuite tests="3" failures="1"/>');
  writeFileSync(join(project, "scan.sarif"), "{");
  const { secret, invitation } = await hub.session().token("app");
  const tokenFile = hub.folder("app-token");
  writeFileSync(tokenFile, secret, { mode: 0o600 });
  const flags = ["--data", hub.folder("app-node"), "--invitation", invitation];
  await runInstance(project, [...flags, "--token-file", tokenFile]);
  const summary = await heard(listener, (event) => payloadOf(event, AuditSummarySchema));
  expect(summary).toMatchObject({ projectSlug: "app", ok: 2n, warn: 0n, fail: 1n });
  expect(summary.reports).toMatchObject([{ path: "junit.xml", format: "JUnit", tool: "" }]);
  const health = await heard(listener, (event) => {
    const told = payloadOf(event, HealthSchema);
    return told?.status === Health_Status.DEGRADED && told;
  });
  expect(health.degradedReasons).toEqual(["scan.sarif: it is not JSON"]);
  rmSync(report);
  const empty = await heard(listener, (event) => {
    const told = payloadOf(event, AuditSummarySchema);
    return told?.reports.length === 0 && told;
  });
  expect([empty.projectSlug, empty.ok]).toEqual(["app", undefined]);
});

test("without an invitation a folder that holds no node is refused, with what to do", async () => {
  const args = ["instance", "run", "--project", ".", "--data", hub.folder("none")];
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  running.add(child);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  expect(await once(child, "close")).toEqual([6, null]);
  expect(said).toContain("NOT_JOINED");
  expect(said).toContain("foedus node join");
});

// `npm run smoke`: a federation on free ports in a folder of its own; prints one line of JSON.
import { mkdtempSync, chmodSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { Federation } from "./federation.ts";
import { startFederation } from "./federation.ts";
import { dashboardProblem } from "./federation/dashboard.ts";
import { buildPage } from "./page.ts";

const enoughMs = 90_000;
/** Telemetry, presence, health and a summary of each of three. */
const firstEvents = 12;

const complain = (line: string) => void process.stderr.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), "foedus-smoke-"));
chmodSync(folder, 0o711);
const late = AbortSignal.timeout(enoughMs);
const stopped = new AbortController();
const enough = AbortSignal.any([late, stopped.signal]);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopped.abort());

process.exitCode = await main();

async function main(): Promise<number> {
  let federation: Federation | undefined;
  try {
    const page = await buildPage(complain);
    federation = await startFederation({ data: folder, ports: "auto", log: complain });
    await federation.online(enough);
    const events = await eventsHeard(federation);
    const problem =
      page === "absent"
        ? undefined
        : await dashboardProblem(federation.session(), federation.webUrl);
    const dashboard = page === "absent" ? "absent" : (problem ?? "ok");
    const nodes = federation.instances.length;
    process.stdout.write(`${JSON.stringify({ nodes, events, dashboard })}\n`);
    return dashboard === "ok" ? 0 : 1;
  } catch (error) {
    complain(`foedus: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return 1;
  } finally {
    await federation?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits for the first events of all instances. */
async function eventsHeard(federation: Federation): Promise<number> {
  const events = federation.session().as(EventService);
  const families = ["telemetry_sync", "hub.presence", "hub.health", "graph.summary.nodes"];
  const told = new Set<string>();
  let count = 0;
  for await (const { item } of events.subscribe({ afterCursor: 0n }, { signal: enough })) {
    if (item.case !== "delivery") continue;
    for (const { event } of item.value.events) {
      const { type, source } = fromBinary(EventSchema, event);
      count += 1;
      if (families.includes(type)) told.add(`${source} ${type}`);
    }
    if (told.size >= firstEvents) return count;
  }
  return count;
}

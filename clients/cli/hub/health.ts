import type { FederationHealth } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import {
  GetFederationHealthResponseSchema,
  HubService,
} from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import type { CliContext } from "../context.ts";
import { Ended } from "../end.ts";
import { exitCodes } from "../exit.ts";
import { bad, dim, good, unknown, warn, type Piece } from "../paint.ts";
import type { Print } from "../print.ts";

/** How the whole federation is. @throws Ended unless it is healthy. */
export async function showHealth(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(HubService).getFederationHealth({}, hub.call);
  const { health } = answer;
  await print.answer(GetFederationHealthResponseSchema, answer, async () => {
    if (health !== undefined) await tellHealth(print, health);
  });
  if (health?.status !== "healthy") throw new Ended(exitCodes.failed);
}

async function tellHealth(print: Print, health: FederationHealth): Promise<void> {
  print.line("The federation is ", wordOf(health.status), ".");
  for (const reason of health.reasons) print.line(`- ${reason}`);
  print.line();
  const { online, degraded, offline, maintenance, quarantined, waiting, failing } = health;
  await print.pairs([
    ["Online", String(online)],
    ["Reporting trouble", String(degraded)],
    ["Offline", String(offline)],
    ["Being worked on", String(maintenance)],
    ["Quarantined", String(quarantined)],
    ["Waiting to join", String(waiting)],
    ["Not serving", failing.length === 0 ? dim("none") : warn(failing.join(", "))],
  ]);
}

function wordOf(status: string): Piece {
  if (status === "healthy") return good(status);
  if (status === "critical") return bad(status);
  return status === "unknown" ? unknown : warn(status);
}

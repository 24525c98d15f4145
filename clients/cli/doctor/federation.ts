import { timestampMs } from "@bufbuild/protobuf/wkt";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { HubStatus, LimitUsage } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { UplinkState } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import type { GetFederationHealthResponse } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import type { GetNetworkResponse } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import type { Link, Peer } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { BreakerState, PeerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import type { Tenant } from "@foedus/gen/foedus/tenant/v1/tenant_pb.js";
import { TenantState } from "@foedus/gen/foedus/tenant/v1/tenant_pb.js";
import { TenantService } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import type { HubClient } from "../hub-client.ts";
import { modeName } from "../names.ts";
import { allPages } from "../pages.ts";
import { counted } from "../words/plural.ts";
import { agoText, spanText, tripText } from "../words/span.ts";
import type { Exam, Told } from "./exam.ts";
import { queuesOf, tellQueues } from "./tasks.ts";

/** What is asked about everybody the hub has to do with. */
export const federation = [
  "limits",
  "access",
  "nodes",
  "links",
  "peers",
  "parent",
  "learning",
  "tenants",
  "tasks",
];

/** A cycle runs each five minutes at least: one that is older than three such turns is late. */
const cycleDoubtfulMs = 15 * 60_000;

const notOurs = { notOurs: [Reason.NOT_ALLOWED] };

/** Who may join, who is there, and how the hub stands with others, as far as the hub knows. */
export async function examineFederation(
  exam: Exam,
  hub: HubClient,
  status: HubStatus,
): Promise<void> {
  const { call } = hub;
  const hubs = hub.as(HubService);
  await exam.step("limits", () => hubs.getUsage({}, call), tellLimits, notOurs);
  const access = () => hub.as(AccessService).getAccess({}, call);
  await exam.step(
    "access",
    access,
    ({ settings, waiting }) => ({
      detail: `mode ${modeName(settings?.mode ?? 0)}; ${waitText(waiting)}`,
    }),
    notOurs,
  );
  await exam.step("nodes", () => hubs.getFederationHealth({}, call), tellNodes, notOurs);
  await exam.step("links", () => linksOf(hub), tellLinks, notOurs);
  await exam.step("peers", () => peersOf(hub), tellPeers, notOurs);
  await exam.step(
    "parent",
    () => status,
    (told) => tellParent(told, hub.nowMs()),
  );
  const network = () => hub.as(LearningService).getNetwork({}, call);
  await exam.step("learning", network, (told) => tellCycle(told, hub.nowMs()), notOurs);
  await exam.step("tenants", () => tenantsOf(hub), tellTenants, notOurs);
  await exam.step(
    "tasks",
    () => queuesOf(hub),
    (told) => tellQueues(told, hub.nowMs()),
    notOurs,
  );
}

function waitText(waiting: number): string {
  if (waiting === 0) return "nobody waits to join";
  return `${waiting} ${waiting === 1 ? "waits" : "wait"} for an admin: foedus access requests`;
}

/** Which limits are nearly used up. */
export function tellLimits({ limits }: { readonly limits: readonly LimitUsage[] }): Told {
  const tight = limits.filter(({ warning }) => warning);
  const [first] = tight;
  if (first === undefined) return { detail: `all ${limits.length} have room` };
  const words = tight.map(({ name, used, max }) => `${name} is at ${used} of ${max}`);
  const why = "what goes over a limit is refused";
  return { detail: words.join("; "), doubt: { why, fix: first.advice } };
}

/** How many nodes are how. */
export function tellNodes({ health }: GetFederationHealthResponse): Told {
  const { online = 0, degraded = 0, offline = 0, maintenance = 0, quarantined = 0 } = health ?? {};
  const all = { online, degraded, offline, "in maintenance": maintenance, quarantined };
  const words = Object.entries(all).flatMap(([word, count]) => {
    return count === 0 ? [] : `${count} ${word}`;
  });
  return { detail: words.length === 0 ? "none yet" : words.join(", ") };
}

function linksOf(hub: HubClient): Promise<Link[]> {
  const client = hub.as(LinkService);
  return allPages(
    (page) => client.listLinks({ page }, hub.call),
    (page) => page.links,
  );
}

/** How many links stand, and whose breaker does not let calls through. */
export function tellLinks(links: readonly Link[]): Told {
  const live = links.filter((one) => one.live);
  const cut = live.filter(({ breaker }) => breaker === BreakerState.OPEN);
  const detail = links.length === 0 ? "none yet" : `${live.length} of ${links.length} live`;
  const [first] = cut;
  if (first === undefined) return { detail };
  const names = cut.map(({ nodeName }) => nodeName).join(", ");
  const why = "an open breaker means that call after call of that node fails";
  const line = `foedus link show ${first.nodeName}`;
  return { detail: `${detail}; the breaker of ${names} is open`, doubt: { why, line } };
}

function peersOf(hub: HubClient): Promise<Peer[]> {
  const client = hub.as(LinkService);
  return allPages(
    (page) => client.listPeers({ page }, hub.call),
    (page) => page.peers,
  );
}

/** Whether the roots of hubs that are trusted are fresh, and they hear of us. */
export function tellPeers(peers: readonly Peer[]): Told {
  const words = peers.flatMap(({ trustDomain, state, lastError, tellError }) => {
    const stale = state === PeerState.STALE ? "its roots are a day old" : "";
    const unread = lastError === "" ? "" : `its roots were not read: ${lastError}`;
    const untold = tellError === "" ? "" : `it is not told: ${tellError}`;
    const all = [stale, unread, untold].filter((word) => word !== "");
    return all.length === 0 ? [] : `${trustDomain}: ${all.join(", ")}`;
  });
  if (peers.length === 0) return { detail: "none" };
  if (words.length === 0) return { detail: `${counted(peers.length, "hub")}, roots fresh` };
  const why = "what a peer signs with a newer root is refused, and it hears nothing of us";
  const fix = "make the way to that hub free, or let it start; the hub tries again by itself";
  return { detail: words.join("; "), doubt: { why, fix } };
}

/** How the hub stands with its parent. */
export function tellParent({ uplink }: HubStatus, nowMs: number): Told {
  if (uplink === undefined) return { detail: "none" };
  const { state, waiting, roundTripUs } = uplink;
  if (state === UplinkState.CONNECTED) {
    const away = roundTripUs === undefined ? "" : `, ${tripText(Number(roundTripUs))} away`;
    const waits = waiting && `; for ${waiting.waitingFor}: ${waiting.command}`;
    return { detail: `connected${away}${waits ?? ""}` };
  }
  const span = waiting === undefined ? "" : ` for ${spanText(nowMs - Number(waiting.sinceMs))}`;
  const detail = `${UplinkState[state].toLowerCase()}${span}: waits for ${waiting?.waitingFor ?? "it"}`;
  const why = "the parent does not hear how this hub is";
  return { detail, doubt: { why, fix: waiting?.command ?? "look at the hub's log" } };
}

/** How old the newest cycle is. */
export function tellCycle({ cycle, nextMs }: GetNetworkResponse, nowMs: number): Told {
  if (cycle?.endTime === undefined) return { detail: "no cycle yet: none is run without nodes" };
  const endMs = timestampMs(cycle.endTime);
  const detail = `last cycle ${agoText(endMs, nowMs)}`;
  if (nextMs > 0n || nowMs - endMs <= cycleDoubtfulMs) return { detail };
  const why = "scores say how it was, not how it is";
  return { detail, doubt: { why, line: "foedus learning run" } };
}

function tenantsOf(hub: HubClient): Promise<Tenant[]> {
  const client = hub.as(TenantService);
  return allPages(
    (page) => client.listTenants({ page }, hub.call),
    (page) => page.tenants,
  );
}

/** How many parties there are, and who is kept out. */
export function tellTenants(tenants: readonly Tenant[]): Told {
  const off = tenants.filter(({ state }) => state === TenantState.SUSPENDED);
  const names = off.map(({ name }) => name).join(", ");
  const suspended = off.length === 0 ? "none suspended" : `suspended: ${names}`;
  return { detail: `${counted(tenants.length, "tenant")}, ${suspended}` };
}

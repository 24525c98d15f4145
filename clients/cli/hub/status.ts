import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { CapabilityStatus, HubStatus } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { CapabilityState, Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { GetStatusResponseSchema, HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { parentOf } from "./parent.ts";
import type { CliContext } from "../context.ts";
import { dim, good, strong, unknown, warn, type Piece } from "../paint.ts";
import type { Print } from "../print.ts";
import { agoText, spanText } from "../words/span.ts";
import { tellAdvice } from "./usage.ts";

/** How the hub is. */
export async function showStatus(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(HubService).getStatus({}, hub.call);
  const { status } = answer;
  await print.answer(GetStatusResponseSchema, answer, async () => {
    if (status === undefined) return print.line("The hub told nothing of itself.");
    await tellStatus(print, status, hub.nowMs());
    tellAdvice(print, (await hub.as(HubService).getUsage({}, hub.call)).limits);
  });
}

async function tellStatus(print: Print, status: HubStatus, nowMs: number): Promise<void> {
  const { trustDomain, version, startTime, database, draining } = status;
  const up = startTime === undefined ? "" : `, up ${spanText(nowMs - timestampMs(startTime))}`;
  print.line(strong(trustDomain), `, version ${version}${up}`, draining ? warn(", stopping") : "");
  print.line();
  await print.pairs([
    ["Dashboard", `${status.webAddress}/`],
    ["Nodes connect to", status.nodeAddress],
    ["Nodes join at", status.joinAddress],
    ["Invitation", status.invitation === "" ? unknown : strong(status.invitation)],
    ["Database", database === "bundled" ? "the bundled PostgreSQL" : "a PostgreSQL of your own"],
    ["Identity", status.spiffeId],
    ...(status.uplink === undefined ? [] : parentOf(status.uplink, nowMs)),
  ]);
  print.line();
  const head = ["CAPABILITY", "TIER", "STATE", "SINCE", "LAST FAILURE"];
  await print.table(
    head,
    status.capabilities.map((one) => rowOf(one, nowMs)),
  );
  await tellProcesses(print, status, nowMs);
}

/** Of one hub alone there is nothing to tell apart. */
async function tellProcesses(print: Print, { processes }: HubStatus, nowMs: number): Promise<void> {
  if (processes.length < 2) return;
  print.line();
  await print.table(
    ["HUB", "NODES CONNECT TO", "VERSION", "STATE", "SEEN"],
    processes.map(({ spiffeId, nodeAddress, version, live, seenTime }) => [
      spiffeId,
      nodeAddress,
      version,
      live ? good("there") : warn("died"),
      seenTime === undefined ? unknown : agoText(timestampMs(seenTime), nowMs),
    ]),
  );
}

function rowOf(
  { name, tier, state, sinceTime, lastError }: CapabilityStatus,
  nowMs: number,
): Piece[] {
  const since = sinceTime === undefined ? unknown : agoText(timestampMs(sinceTime), nowMs);
  const word = CapabilityState[state].toLowerCase();
  const standing = state === CapabilityState.SERVING ? good(word) : warn(word);
  return [name, Tier[tier], standing, since, lastError === "" ? dim("none") : warn(lastError)];
}

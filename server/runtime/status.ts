import { createPublicKey } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { HubConfig } from "@foedus/gen/foedus/config/v1/config_pb.js";
import type { HubStatus } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubStatusSchema } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { caHashOf, formatInvitation } from "@foedus/kernel/invitation.ts";
import type { Core, HubParts } from "./core.ts";
import type { Doors } from "./doors.ts";
import { bracketed, publicHostOf } from "./listen/address.ts";

/** How the hub is; addresses are empty until its doors are open. */
export function statusOf(
  parts: HubParts,
  core: Core,
  doors: Doors | undefined,
  startMs: number,
): HubStatus {
  const config = parts.settings.current();
  const { identity, version, database } = parts;
  const at = (port: number | undefined) =>
    port === undefined ? "" : `${bracketed(publicHostOf(config))}:${port}`;
  const scheme = config.webCertificateFile === "" ? "http" : "https";
  const webAddress = doors === undefined ? "" : `${scheme}://${at(doors.web.port)}`;
  return create(HubStatusSchema, {
    version,
    trustDomain: identity.trustDomain,
    spiffeId: identity.spiffeId,
    startTime: timestampFromMs(startMs),
    capabilities: core.tiers.statuses(),
    nodeAddress: at(doors?.node?.port),
    joinAddress: at(doors?.join?.port),
    webAddress,
    invitation: invitationOf(config, core, doors),
    database,
    draining: core.draining.signal.aborted,
    processes: [...core.processes.list()],
    uplink: core.tiers
      .running()
      .find((one) => one.uplink !== undefined)
      ?.uplink?.(),
  });
}

/** Where to join and whom to trust there; empty without a join listener. */
function invitationOf(config: HubConfig, core: Core, doors: Doors | undefined): string {
  const port = doors?.join?.port;
  const [root] = core.tiers.running().flatMap((one) => one.tls?.current().roots ?? []);
  if (port === undefined || root === undefined) return "";
  const spki = createPublicKey(root).export({ type: "spki", format: "der" });
  const caHash = caHashOf(new Uint8Array(spki));
  return formatInvitation({
    host: bracketed(publicHostOf(config)),
    port,
    tenant: config.tenant,
    caHash,
  });
}

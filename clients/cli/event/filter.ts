import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { HubClient } from "../hub-client.ts";
import type { Sources } from "./sources.ts";

/** Which events are wanted. */
export interface FilterOptions {
  readonly type?: readonly string[];
  readonly node?: readonly string[];
  readonly subject?: readonly string[];
  readonly after?: bigint;
  readonly verify?: boolean;
}

/** The SPIFFE ids of sources that are called by name. @throws Fault NOT_FOUND */
export async function sourcesNamed(
  names: readonly string[],
  sources: Sources,
  hubSpiffeId: string,
): Promise<string[]> {
  const found = names.map((name) => (name === "hub" ? hubSpiffeId : sources.idOf(name)));
  return found.map((id, at) => {
    if (id === undefined) throw new Fault(Reason.NOT_FOUND, { object: `node ${names[at] ?? ""}` });
    return id;
  });
}

/** Who the hub is, when it tells something itself. */
export async function hubSpiffeOf(hub: HubClient): Promise<string> {
  const { status } = await hub.as(HubService).getStatus({}, hub.call);
  return status?.spiffeId ?? "";
}

import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { HubClient } from "../hub-client.ts";
import type { Moment } from "../options.ts";
import type { Sources } from "./sources.ts";

/** Which events are wanted. */
export interface FilterOptions {
  readonly type?: readonly string[];
  readonly node?: readonly string[];
  readonly subject?: readonly string[];
  /** Families that are left out. */
  readonly except?: readonly string[];
  /** Words that must all be found in what is read of an event. */
  readonly words?: string;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly after?: bigint;
  /** How many places of the log to look back. */
  readonly last?: bigint;
  readonly verify?: boolean;
}

/** Whoever left has no name any more, but still this. */
const spiffeScheme = "spiffe://";

/** The SPIFFE ids of sources that are called by name. @throws Fault NOT_FOUND */
export async function sourcesNamed(
  names: readonly string[],
  sources: Sources,
  hubSpiffeId: string,
): Promise<string[]> {
  const idOf = (name: string) => (name.startsWith(spiffeScheme) ? name : sources.idOf(name));
  const found = names.map((name) => (name === "hub" ? hubSpiffeId : idOf(name)));
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

/** Where to begin so that so many places of the log are looked through. */
export async function beginningOf(hub: HubClient, last: bigint): Promise<bigint> {
  let head = 0n;
  for await (const { item } of hub.as(EventService).subscribe({ untilHead: true }, hub.call)) {
    if (item.case === "head") head = item.value.cursor;
  }
  return head > last ? head - last : 0n;
}

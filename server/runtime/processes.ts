import type { HubProcess } from "@foedus/gen/foedus/hub/v1/hub_pb.js";

/** The hub processes over this database, as this one saw them last. */
export interface Processes {
  /** This one first; those that died lately are there as well, and not live. */
  list(): readonly HubProcess[];
  /** host:port of every live node listener, this hub's first. */
  nodeAddresses(): string[];
  /** host:port of every live join listener, this hub's first. */
  joinAddresses(): string[];
  learn(processes: readonly HubProcess[]): void;
}

/** Knows nobody yet. */
export function openProcesses(): Processes {
  let known: readonly HubProcess[] = [];
  let [nodeAddresses, joinAddresses]: string[][] = [[], []];
  return {
    list: () => known,
    nodeAddresses: () => nodeAddresses ?? [],
    joinAddresses: () => joinAddresses ?? [],
    learn(processes) {
      known = processes;
      nodeAddresses = addressesOf(processes, (one) => one.nodeAddress);
      joinAddresses = addressesOf(processes, (one) => one.joinAddress);
    },
  };
}

function addressesOf(
  processes: readonly HubProcess[],
  address: (one: HubProcess) => string,
): string[] {
  const live = processes.filter((one) => one.live).map(address);
  return [...new Set(live.filter((one) => one !== ""))];
}

import type { HubConfig } from "@foedus/gen/foedus/config/v1/config_pb.js";
import type { Doors } from "./doors.ts";
import type { RateTable, RateUse } from "./guards/rates.ts";
import type { Sized, Sizes } from "./guards/sizes.ts";
import { sessionLimits } from "./listen/limits.ts";
import type { Listener } from "./listen/listener.ts";

/** One listener's connections. */
export interface DoorUse {
  readonly door: string;
  readonly connections: number;
  /** The addresses with most of them, most first. */
  readonly addresses: readonly { readonly address: string; readonly connections: number }[];
  /** Calls under way in the session that has most of them. */
  readonly busiest: { readonly calls: number; readonly spiffeId: string };
}

/** What the hub measures of itself: how much is used of what it limits. */
export interface Measured {
  readonly doors: readonly DoorUse[];
  readonly rates: readonly RateUse[];
  readonly requests: readonly Sized[];
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
  readonly requestBytesMax: number;
  readonly callsPerSessionMax: number;
}

/** What is measured. */
export interface UsageKit {
  readonly rates: RateTable;
  readonly sizes: Sizes;
}

/** As many as are told of each kind. */
const busiestMax = 20;

/** As it is now; nobody is connected before the doors are open. */
export function measure({ rates, sizes }: UsageKit, config: HubConfig, doors?: Doors): Measured {
  const named = doors && { web: doors.web, node: doors.node, join: doors.join };
  const open = Object.entries(named ?? {});
  const { connectionsMax, connectionsPerAddressMax, requestBytesMax } = config;
  return {
    doors: open.flatMap(([door, one]) => (one === undefined ? [] : doorUse(door, one))),
    rates: rates.busiest(busiestMax),
    requests: sizes.largest(),
    connectionsMax,
    connectionsPerAddressMax,
    requestBytesMax,
    callsPerSessionMax: sessionLimits.settings.maxConcurrentStreams,
  };
}

function doorUse(door: string, listener: Listener): DoorUse {
  const counted = [...listener.addresses()].map(([address, connections]) => ({
    address,
    connections,
  }));
  const addresses = counted.toSorted((a, b) => b.connections - a.connections).slice(0, busiestMax);
  const { calls, peer } = listener.busiestSession();
  const busiest = { calls, spiffeId: peer?.spiffeId ?? "" };
  return { door, connections: listener.connections(), addresses, busiest };
}

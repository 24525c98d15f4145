import { create } from "@bufbuild/protobuf";
import { StreamSchema, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { Chance } from "./chance.ts";

/** A hub, before the world begins. */
export interface HubPlan {
  readonly name: string;
  readonly zones: readonly string[];
  /** Its place in the list of hubs; the root has none. */
  readonly parent: number | undefined;
  /** How many processes serve its disk. */
  readonly processes: number;
}

/** Somebody who is there from the beginning. */
export interface PersonPlan {
  readonly tenant: string;
  readonly zones: readonly string[];
  readonly streams: readonly Stream[];
  /** The places of the hubs it connects to. */
  readonly hubs: readonly number[];
  readonly skewMs: number;
  readonly halfDuplex: boolean;
  /** Its key was made so long before. */
  readonly keyAgeMs: number;
}

/** Whom a world has. */
export interface Topology {
  readonly hubs: readonly HubPlan[];
  readonly people: readonly PersonPlan[];
}

/** The tenants of every world. */
export const tenants = ["acme", "beta"] as const;

const stream = (collection: string, zone: string, lane: number, partition = ""): Stream =>
  create(StreamSchema, { collection, zone, lane, partition });

/** Streams that may go everywhere, a partition of one, and one that may not leave its zone. */
export const streams = {
  notes: stream("notes", "world", 1),
  keys: stream("keys", "world", 0),
  bulk: stream("bulk", "world", 3),
  east: stream("notes", "world", 1, "east"),
  files: stream("files", "eu", 2),
};

const shares = { twoProcesses: 0.3, zone: 0.7, european: 0.4, half: 0.3, skewed: 0.4, aged: 0.5 };
const skewMsMax = 5000;
const minuteMs = 60_000;
const salt = 0x2545f491;

/** A tree of hubs and those who connect to it, drawn from a seed. */
export function topologyOf(seed: number, hubCount: number, nodeCount: number): Topology {
  const chance = new Chance(seed ^ salt);
  const parents = Array.from({ length: hubCount }, (_, at) => {
    return at === 0 ? undefined : chance.below(at);
  });
  const european = europeans(chance, parents);
  const hubs = parents.map((parent, at): HubPlan => {
    const name = at === 0 ? "root" : `hub-${at}`;
    const processes = chance.happens(shares.twoProcesses) ? 2 : 1;
    return { name, zones: zonesOf(european.has(at)), parent, processes };
  });
  const people = Array.from({ length: nodeCount }, (_, at) => person(chance, hubs, at));
  return { hubs, people };
}

/** Hubs of the zone hang together, or what one of them has would never reach another. */
function europeans(chance: Chance, parents: readonly (number | undefined)[]): Set<number> {
  const top = parents.length === 1 ? 0 : chance.between(1, parents.length - 1);
  const all = new Set([top]);
  for (const [at, parent] of parents.entries()) {
    if (parent !== undefined && all.has(parent) && chance.happens(shares.zone)) all.add(at);
  }
  return all;
}

function zonesOf(isEuropean: boolean): string[] {
  return isEuropean ? ["world", "eu"] : ["world"];
}

function person(chance: Chance, hubs: readonly HubPlan[], at: number): PersonPlan {
  const isEuropean = at === 0 || chance.happens(shares.european);
  const zones = zonesOf(isEuropean);
  const inZone = [...hubs.keys()].filter((each) => {
    return zones.every((zone) => hubs[each]?.zones.includes(zone));
  });
  const homes = new Set([chance.pick(inZone), chance.pick(inZone)]);
  const { notes, keys, bulk, east, files } = streams;
  const some = [keys, bulk, east].filter(() => chance.happens(0.5));
  const followed = isEuropean ? [files, notes, ...some.slice(1)] : [notes, ...some];
  return {
    // The first two share a tenant, so that somebody always meets somebody.
    tenant: at < 2 ? tenants[0] : chance.pick(tenants),
    zones,
    streams: followed,
    hubs: [...homes],
    skewMs: chance.happens(shares.skewed) ? chance.between(-skewMsMax, skewMsMax) : 0,
    halfDuplex: chance.happens(shares.half),
    keyAgeMs: chance.happens(shares.aged) ? minuteMs : 0,
  };
}

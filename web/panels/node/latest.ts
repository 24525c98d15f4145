import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { SubscribeResponse } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { type Fact, factOf } from "../../parts/fact.ts";

/** The families that say what a node is and how it does. */
export const latestTypes = [
  "telemetry_sync",
  "hub.presence",
  "hub.health",
  "graph.summary.nodes",
  "integration.edge",
];

const tyingTypes = new Set(["integration.edge", "hub.presence"]);

/** By source, then by type and subject. */
export type Facts = ReadonlyMap<string, ReadonlyMap<string, Fact>>;

/** What is true now: the newest event of each source, type and subject. */
export interface Latest {
  readonly facts: Facts;
  /** The same for edges and presence alone, which change seldom: ties are drawn from these. */
  readonly tied: Facts;
  readonly cursor: bigint | undefined;
  /** Whether the list of what was true before the stream began is here. */
  readonly complete: boolean;
}

/** Nothing heard yet. */
export const nothingLatest: Latest = {
  facts: new Map(),
  tied: new Map(),
  cursor: undefined,
  complete: false,
};

/** One thing that tells what is true: a page of the list, its end, or an item of the stream. */
export type LatestItem =
  | { readonly case: "listed"; readonly events: readonly StoredEvent[]; readonly last: boolean }
  | { readonly case: "heard"; readonly response: SubscribeResponse };

/** Takes one item; an event older than what is known changes nothing. */
export function latestWith(latest: Latest, item: LatestItem): Latest {
  if (item.case === "listed") {
    const next = withEvents(latest, item.events);
    return item.last ? { ...next, complete: true } : next;
  }
  const { item: heard } = item.response;
  switch (heard.case) {
    case "delivery":
      return { ...withEvents(latest, heard.value.events), cursor: heard.value.cursor };
    case "head":
      return { ...latest, cursor: heard.value.cursor };
    case "gap":
      // What was missed may have changed anything, and the log may be an older one: list anew.
      return nothingLatest;
    default:
      return latest;
  }
}

/** What one source says under a type; the newest subject where there are several. */
export function latestOf(latest: Latest, source: string, type: string): Fact | undefined {
  return factsOf(latest.facts, source, type)[0];
}

/** The newest that one source told, whatever it is about. */
export function newestOf(latest: Latest, source: string, limit: number): readonly Fact[] {
  return [...(latest.facts.get(source)?.values() ?? [])]
    .toSorted((one, other) => Number(other.cursor - one.cursor))
    .slice(0, limit);
}

/** All subjects of a source and type, newest first. */
export function factsOf(facts: Facts, source: string, type: string): readonly Fact[] {
  return [...(facts.get(source)?.values() ?? [])]
    .filter((fact) => fact.event.type === type)
    .toSorted((one, other) => Number(other.cursor - one.cursor));
}

function withEvents(latest: Latest, events: readonly StoredEvent[]): Latest {
  const told = events.flatMap((stored) => factOf(stored) ?? []);
  const tying = told.filter(({ event }) => tyingTypes.has(event.type));
  return { ...latest, facts: withFacts(latest.facts, told), tied: withFacts(latest.tied, tying) };
}

/** The same map where nothing is newer. */
function withFacts(facts: Facts, told: readonly Fact[]): Facts {
  const touched = new Map<string, Map<string, Fact>>();
  for (const fact of told) {
    const { source, type, subject } = fact.event;
    const own = touched.get(source) ?? new Map(facts.get(source) ?? []);
    const key = `${type}\n${subject}`;
    const known = own.get(key);
    if (known !== undefined && known.cursor >= fact.cursor) continue;
    touched.set(source, own.set(key, fact));
  }
  return touched.size === 0 ? facts : new Map([...facts, ...touched]);
}

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

/** What is true now: the newest event of each source, type and subject. */
export interface Latest {
  /** By source, then by type and subject. */
  readonly facts: ReadonlyMap<string, ReadonlyMap<string, Fact>>;
  /** Grows when an edge or a presence changes: what the drawing of ties depends on. */
  readonly tiesTurn: number;
  readonly cursor: bigint | undefined;
  /** Whether the list of what was true before the stream began is here. */
  readonly complete: boolean;
}

/** Nothing heard yet. */
export const nothingLatest: Latest = {
  facts: new Map(),
  tiesTurn: 0,
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
      // What was missed may have changed anything: list anew.
      return { ...latest, complete: false, cursor: undefined };
    default:
      return latest;
  }
}

/** What one source says under a type; the newest subject where there are several. */
export function latestOf(latest: Latest, source: string, type: string): Fact | undefined {
  return factsOf(latest, source, type)[0];
}

/** All subjects of a source and type, newest first. */
export function factsOf(latest: Latest, source: string, type: string): readonly Fact[] {
  return [...(latest.facts.get(source)?.values() ?? [])]
    .filter((fact) => fact.event.type === type)
    .sort((one, other) => Number(other.cursor - one.cursor));
}

function withEvents(latest: Latest, events: readonly StoredEvent[]): Latest {
  const facts = new Map(latest.facts);
  const touched = new Map<string, Map<string, Fact>>();
  let { tiesTurn } = latest;
  for (const stored of events) {
    const fact = factOf(stored);
    if (fact === undefined) continue;
    const { source, type, subject } = fact.event;
    const own = touched.get(source) ?? new Map(facts.get(source) ?? []);
    const key = `${type}\n${subject}`;
    const known = own.get(key);
    if (known !== undefined && known.cursor >= fact.cursor) continue;
    own.set(key, fact);
    touched.set(source, own);
    if (type === "integration.edge" || type === "hub.presence") tiesTurn += 1;
  }
  for (const [source, own] of touched) facts.set(source, own);
  return { ...latest, facts, tiesTurn };
}

import {
  type IntegrationEdge,
  IntegrationEdge_Kind as Kind,
  IntegrationEdgeSchema,
  PresenceSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { type Fact, messageOf } from "../../parts/fact.ts";
import { factsOf, type Facts } from "./latest.ts";
import type { Member } from "./watch.ts";

/** One dependency and the event that says so. */
export interface Strand {
  readonly edge: IntegrationEdge;
  readonly fact: Fact;
  /** The node that depends. */
  readonly fromId: string;
}

/** Two nodes and what ties them in one way. */
export interface Tie {
  readonly id: string;
  readonly kind: Kind;
  readonly fromId: string;
  readonly toId: string;
  /** Whether both depend on a third thing, rather than one on the other. */
  readonly mutual: boolean;
  readonly strands: readonly Strand[];
}

/** All ties, and the dependencies that nobody here provides. */
export interface Ties {
  readonly ties: readonly Tie[];
  readonly loose: readonly Strand[];
}

const kindNames: Readonly<Record<Kind, string>> = {
  [Kind.UNSPECIFIED]: "tie",
  [Kind.API]: "api",
  [Kind.QUEUE]: "queue",
  [Kind.SHARED_SCHEMA]: "shared schema",
  [Kind.SECRET]: "shared secret",
  [Kind.PACKAGE]: "package",
};

/** A group of this many is tied pair by pair; a larger one in a circle. */
const pairsMax = 5;

/** How people call a kind. */
export function kindName(kind: Kind): string {
  return kindNames[kind] ?? "tie";
}

/** Resolves what each node depends on to the nodes that provide it, or that depend on it too. */
export function resolveTies(members: readonly Member[], facts: Facts): Ties {
  const strands = members.flatMap((member) => strandsOf(member, facts));
  const providers = providersOf(members, facts);
  const ties = new Map<string, Tie>();
  const loose: Strand[] = [];
  const shared = new Map<string, Strand[]>();
  for (const strand of strands) {
    const { toPackage, kind } = strand.edge;
    const providing = (providers.get(toPackage) ?? []).filter((id) => id !== strand.fromId);
    for (const toId of providing) addTie(ties, strand.fromId, toId, false, [strand]);
    if (providing.length > 0 || providers.get(toPackage)?.includes(strand.fromId)) continue;
    if (isMutual(kind)) shared.set(toPackage, [...(shared.get(toPackage) ?? []), strand]);
    else loose.push(strand);
  }
  for (const group of shared.values()) {
    if (group.length === 1) loose.push(...group);
    for (const [one, other] of pairsOf(group)) {
      addTie(ties, one.fromId, other.fromId, true, [one, other]);
    }
  }
  return { ties: [...ties.values()], loose };
}

function strandsOf({ id: fromId, spiffeId }: Member, facts: Facts): Strand[] {
  return factsOf(facts, spiffeId, "integration.edge").flatMap((fact) => {
    const edge = messageOf(fact, IntegrationEdgeSchema);
    return edge === undefined || edge.removed ? [] : [{ edge, fact, fromId }];
  });
}

function providersOf(
  members: readonly Member[],
  facts: Facts,
): ReadonlyMap<string, readonly string[]> {
  const providers = new Map<string, string[]>();
  for (const { id, spiffeId } of members) {
    const [fact] = factsOf(facts, spiffeId, "hub.presence");
    for (const { name } of messageOf(fact, PresenceSchema)?.packages ?? []) {
      providers.set(name, [...(providers.get(name) ?? []), id]);
    }
  }
  return providers;
}

function isMutual(kind: Kind): boolean {
  return kind === Kind.SHARED_SCHEMA || kind === Kind.QUEUE || kind === Kind.SECRET;
}

function pairsOf(group: readonly Strand[]): (readonly [Strand, Strand])[] {
  const sorted = group.toSorted((one, other) => (one.fromId < other.fromId ? -1 : 1));
  const circle = sorted.length > pairsMax;
  return sorted.flatMap((one, index) => {
    const others = circle ? [sorted[(index + 1) % sorted.length]] : sorted.slice(index + 1);
    return others.flatMap((other) =>
      other === undefined || other.fromId === one.fromId ? [] : [[one, other] as const],
    );
  });
}

function addTie(
  ties: Map<string, Tie>,
  from: string,
  to: string,
  mutual: boolean,
  strands: readonly Strand[],
): void {
  const kind = strands[0]?.edge.kind ?? Kind.UNSPECIFIED;
  const [fromId, toId] = mutual && from > to ? [to, from] : [from, to];
  const id = `${fromId}.${toId}.${kind}${mutual ? ".mutual" : ""}`;
  const known = ties.get(id)?.strands ?? [];
  ties.set(id, { id, kind, fromId, toId, mutual, strands: [...known, ...strands] });
}

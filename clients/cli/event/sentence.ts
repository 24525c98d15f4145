import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import {
  GraphSummarySchema,
  Health_Status,
  HealthSchema,
  IntegrationEdge_Kind,
  IntegrationEdgeSchema,
  PresenceSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import {
  IdentityEnrolledSchema,
  IdentityRevokedSchema,
} from "@foedus/gen/foedus/identity/v1/identity_event_pb.js";
import {
  NodeRegisteredSchema,
  NodeRetiredSchema,
  NodeStateChangedSchema,
} from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { payloadOf } from "@foedus/sdk/event/families.ts";
import { roleName, stateName } from "../names.ts";
import { sizeText } from "../words/bytes.ts";
import { counted } from "../words/plural.ts";
import { tripText } from "../words/span.ts";

type Telling = (event: Event) => string | undefined;

/** The families that people read every day; any other is shown field by field. */
const tellings: readonly Telling[] = [
  family(IdentityEnrolledSchema, ({ identity }) =>
    identity === undefined
      ? "somebody joined"
      : `${identity.name} joined as ${roleName(identity.role)}`,
  ),
  family(IdentityRevokedSchema, ({ identity }) =>
    identity === undefined
      ? "somebody is revoked"
      : `${identity.name} is revoked: ${identity.revokeReason}`,
  ),
  family(NodeRegisteredSchema, ({ node }) => `${node?.name ?? "a node"} told what it is`),
  family(
    NodeStateChangedSchema,
    ({ node, was }) => `${standing(node)}, was ${stateName(was)}${why(node)}`,
  ),
  family(NodeRetiredSchema, ({ node }) => `${standing(node)}${why(node)}`),
  family(PresenceSchema, ({ title, projectSlug, capabilities }) =>
    joined([`${title} (${projectSlug}) is here`, offers(capabilities)]),
  ),
  family(HealthSchema, ({ status, latencyMs, degradedReasons }) =>
    joined([Health_Status[status].toLowerCase(), trip(latencyMs), ...degradedReasons]),
  ),
  family(TelemetrySyncSchema, ({ syncLatencyMs, residentBytes, eventsPublished, eventsWaiting }) =>
    joined([
      trip(syncLatencyMs),
      residentBytes === undefined ? "" : sizeText(Number(residentBytes)),
      eventsPublished === undefined ? "" : `${eventsPublished} told`,
      eventsWaiting === undefined ? "" : `${eventsWaiting} waiting`,
    ]),
  ),
  family(GraphSummarySchema, ({ projectSlug, files, lines, languages }) =>
    joined([
      projectSlug,
      files === undefined ? "" : counted(Number(files), "file"),
      lines === undefined ? "" : counted(Number(lines), "line"),
      languages.map((one) => one.language).join("/"),
    ]),
  ),
  family(IntegrationEdgeSchema, ({ fromProject, toPackage, kind, proof, removed }) => {
    const where = proof === undefined ? "" : ` (${proof.manifest}:${proof.line})`;
    const tie = IntegrationEdge_Kind[kind].toLowerCase().replace("_", " ");
    const verb = removed ? "no longer depends" : "depends";
    return `${fromProject} ${verb} on ${toPackage}, ${tie}${where}`;
  }),
];

/** What an event says, in a sentence; undefined for families that have none. */
export function sentenceOf(event: Event): string | undefined {
  for (const telling of tellings) {
    const sentence = telling(event);
    if (sentence !== undefined) return sentence;
  }
  return undefined;
}

function family<Schema extends DescMessage>(
  schema: Schema,
  tell: (payload: MessageShape<Schema>) => string,
): Telling {
  return (event) => {
    const payload = payloadOf(event, schema);
    return payload === undefined ? undefined : tell(payload);
  };
}

function standing(node: Node | undefined): string {
  return node === undefined ? "a node changed" : `${node.name} is ${stateName(node.state)}`;
}

function why(node: Node | undefined): string {
  const reasons = node?.stateReasons ?? [];
  return reasons.length === 0 ? "" : `: ${reasons.join("; ")}`;
}

function offers(capabilities: readonly string[]): string {
  return capabilities.length === 0 ? "" : `offers ${capabilities.join(", ")}`;
}

function trip(ms: number | undefined): string {
  return ms === undefined ? "" : `round trip ${tripText(ms * 1_000)}`;
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import {
  GraphSummarySchema,
  HealthSchema,
  Health_Status,
  IntegrationEdgeSchema,
  PresenceSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import {
  AuditSummarySchema,
  SecuritySummarySchema,
} from "@foedus/gen/foedus/event/v1/report_event_pb.js";
import { fromBinary } from "@bufbuild/protobuf";
import { payloadOf } from "@foedus/sdk/event/families.ts";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import type { FolderPriority } from "./priorities.ts";
import type { ProjectView } from "./project.ts";

/** The newest edges of a node and what others provide, as the hub knows them. */
export interface Known {
  /** Subjects of edges that were told and not taken back. */
  readonly edges: ReadonlyMap<string, { readonly fromProject: string; readonly toPackage: string }>;
  /** Families of summaries that stand on reports. */
  readonly summed: ReadonlySet<string>;
  /** Packages that other nodes provide. */
  readonly provided: ReadonlySet<string>;
}

const callMs = 15_000;
const pageSize = 1_000;

/** Asks the hub what this node told before, and what its neighbours provide. */
export async function readKnown(node: FoedusNode): Promise<Known> {
  const edges = new Map<string, { fromProject: string; toPackage: string }>();
  const provided = new Set<string>();
  const client = node.client(EventService);
  const summed = new Set<string>();
  const types = ["hub.presence", "integration.edge", ...summaryTypes];
  let token = "";
  do {
    const page = await client.listLatest(
      { types, page: { size: pageSize, token } },
      { timeoutMs: callMs, signal: node.signal },
    );
    for (const stored of page.events) {
      const event = fromBinary(EventSchema, stored.event);
      const own = event.source === node.spiffeId;
      const edge = own ? payloadOf(event, IntegrationEdgeSchema) : undefined;
      if (edge !== undefined && !edge.removed) edges.set(event.subject, edge);
      if (own && reportsIn(event) > 0) summed.add(event.type);
      if (own) continue;
      for (const { name } of payloadOf(event, PresenceSchema)?.packages ?? []) provided.add(name);
    }
    token = page.nextPageToken;
  } while (token !== "");
  return { edges, summed, provided };
}

const summaryTypes = ["audit.summary.status", "security.summary.status"] as const;

function reportsIn(event: Event): number {
  const told = payloadOf(event, AuditSummarySchema) ?? payloadOf(event, SecuritySummarySchema);
  return told?.reports.length ?? 0;
}

/** The families of summaries that a view tells. */
export function summedIn({ summaries: { audit, security } }: ProjectView): string[] {
  const [ofAudit, ofSecurity] = summaryTypes;
  return [...(audit ? [ofAudit] : []), ...(security ? [ofSecurity] : [])];
}

/** A summary whose reports are gone is told once more, empty: what it said holds no longer. */
async function tellSummaries(node: FoedusNode, view: ProjectView, known: Known): Promise<void> {
  const { audit, security } = view.summaries;
  const [ofAudit, ofSecurity] = summaryTypes;
  const { projectSlug = "" } = view.presence;
  const gone = { projectSlug };
  if (audit !== undefined || known.summed.has(ofAudit)) {
    await node.publish(AuditSummarySchema, audit ?? gone);
  }
  if (security !== undefined || known.summed.has(ofSecurity)) {
    await node.publish(SecuritySummarySchema, security ?? gone);
  }
}

/** Tells all that a project's folder holds, and takes back what is gone. */
export async function tellProject(
  node: FoedusNode,
  view: ProjectView,
  known: Known,
): Promise<void> {
  const gone = [...known.edges].filter(([subject]) => {
    return !view.edges.some((told) => told.subject === subject);
  });
  await Promise.all([
    node.publish(PresenceSchema, view.presence),
    node.publish(GraphSummarySchema, view.summary),
    tellSummaries(node, view, known),
    ...view.edges.map(({ subject, edge }) =>
      node.publish(IntegrationEdgeSchema, edge, { subject }),
    ),
    ...gone.map(([subject, { fromProject, toPackage }]) =>
      node.publish(IntegrationEdgeSchema, { fromProject, toPackage, removed: true }, { subject }),
    ),
  ]);
}

/** Tells how the instance is. */
export async function tellHealth(node: FoedusNode, reasons: readonly string[]): Promise<void> {
  await node.publish(HealthSchema, {
    status: reasons.length === 0 ? Health_Status.HEALTHY : Health_Status.DEGRADED,
    latencyMs: node.status().roundTripMs,
    degradedReasons: [...reasons],
    sampleMs: BigInt(node.hubNow()),
  });
}

/** Tells the process's picture of itself. A score has no source here, so it stays unset. */
export async function tellTelemetry(
  node: FoedusNode,
  uptimeMs: number,
  priorities: readonly FolderPriority[],
): Promise<void> {
  const { roundTripMs, eventsPublished, eventsWaiting } = node.status();
  await node.publish(TelemetrySyncSchema, {
    priorities: [...priorities],
    syncLatencyMs: roundTripMs,
    eventsPublished: BigInt(eventsPublished),
    eventsWaiting: BigInt(eventsWaiting),
    residentBytes: BigInt(process.memoryUsage.rss()),
    uptimeMs: BigInt(Math.round(uptimeMs)),
  });
}

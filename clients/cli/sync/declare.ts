import { create } from "@bufbuild/protobuf";
import {
  CollectionService,
  DeclareCollectionResponseSchema,
  ListCollectionsResponseSchema,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Collection } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { laneDefault, zoneDefault } from "@foedus/kernel/sync/stream.ts";
import type { CliContext } from "../context.ts";
import { allPages } from "../pages.ts";
import { strong, type Piece } from "../paint.ts";

/** What `sync declare` takes. */
export interface DeclareOptions {
  readonly zone?: string;
  readonly lane?: number;
  readonly partition?: readonly string[];
  readonly revisionMin?: number;
  readonly revisionMax?: number;
}

/** Declares a collection, or declares it anew. */
export async function declareCollection(
  context: CliContext,
  name: string,
  options: DeclareOptions,
): Promise<void> {
  const { print } = context;
  const { zone = zoneDefault, lane = laneDefault } = options;
  const { partition = [], revisionMin = 0, revisionMax = 0 } = options;
  const collection = { name, zone, lane, partitions: [...partition], revisionMin, revisionMax };
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), collection };
  const answer = await hub.as(CollectionService).declareCollection(request, hub.call);
  await print.answer(DeclareCollectionResponseSchema, answer, () => {
    if (answer.collection === undefined) return;
    const takes = `partitions: ${partsText(answer.collection)}; ${revisionsText(answer.collection)}`;
    print.line(strong(name), ` takes writes in zone ${zone}, lane ${lane}; ${takes}.`);
    print.line("Streams of it outside of that can be read, and take no new write.");
  });
}

const head = ["COLLECTION", "ZONE", "LANE", "PARTITIONS", "REVISIONS"];

/** The declared collections. */
export async function listCollections(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const client = hub.as(CollectionService);
  const collections = await allPages(
    (page) => client.listCollections({ page }, hub.call),
    (page) => page.collections,
  );
  const answer = create(ListCollectionsResponseSchema, { collections });
  await print.answer(ListCollectionsResponseSchema, answer, async () => {
    if (collections.length > 0) await print.table(head, collections.map(rowOf));
    const which = collections.length === 0 ? "No collection is declared: all take" : "Others take";
    print.line(`${which} any partition, zone, lane and revision.`);
  });
}

function rowOf(collection: Collection): Piece[] {
  const { name, zone, lane } = collection;
  return [strong(name), zone, String(lane), partsText(collection), revisionsText(collection)];
}

const partsNamed = 8;

function partsText({ partitions }: Collection): string {
  if (partitions.length === 0) return "none";
  const named = partitions.slice(0, partsNamed).join(", ");
  const rest = partitions.length - partsNamed;
  return rest > 0 ? `${named} and ${rest} more` : named;
}

function revisionsText({ revisionMin, revisionMax }: Collection): string {
  if (revisionMax === 0) return revisionMin === 0 ? "any revision" : `revision ${revisionMin} on`;
  return revisionMin === revisionMax
    ? `revision ${revisionMin} only`
    : `revision ${revisionMin} to ${revisionMax}`;
}

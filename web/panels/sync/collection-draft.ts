import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Collection, CollectionSchema } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";

/** A collection as somebody types it. */
export interface CollectionDraft {
  readonly name: string;
  readonly zone: string;
  readonly lane: string;
  /** With blanks or commas between. */
  readonly partitions: string;
  readonly revisionMin: string;
  readonly revisionMax: string;
}

/** What stands in the fields first. */
export function draftOfCollection(before: Collection | undefined): CollectionDraft {
  return {
    name: before?.name ?? "",
    zone: before?.zone ?? "world",
    lane: String(before?.lane ?? 2),
    partitions: before?.partitions.join(" ") ?? "",
    revisionMin: String(before?.revisionMin ?? 0),
    revisionMax: String(before?.revisionMax ?? 0),
  };
}

/** What is declared. */
export function collectionOf(draft: CollectionDraft): MessageInitShape<typeof CollectionSchema> {
  return {
    name: draft.name,
    zone: draft.zone,
    lane: Number(draft.lane),
    partitions: [...wordsIn(draft.partitions)],
    revisionMin: Number(draft.revisionMin),
    revisionMax: Number(draft.revisionMax),
  };
}

/** The words of a line, each once. */
export function wordsIn(line: string): readonly string[] {
  return [...new Set(line.split(/[\s,]+/u).filter(Boolean))];
}

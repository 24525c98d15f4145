// Streams and conflicts as no small federation has them.
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  ListConflictsResponseSchema,
  ListStreamsResponseSchema,
  WatchStreamsResponseSchema,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { Kind, OpSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type {
  ConflictSchema,
  FollowerSchema,
  StreamStatusSchema,
} from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { Page } from "playwright-core";
import { answer, openStream, type OpenStream } from "./told.ts";

export type Status = MessageInitShape<typeof StreamStatusSchema>;
export type Conflict = MessageInitShape<typeof ConflictSchema>;
type Follower = MessageInitShape<typeof FollowerSchema>;

/** The service that looks after streams, as addresses name it. */
export const collections = "foedus.sync.v1.CollectionService";

/** How a stream stands. */
export function streamed(collection: string, head: number, followers: Follower[] = []): Status {
  return {
    stream: { collection, zone: "world", lane: 2 },
    head,
    cells: head,
    vector: { "hub-one": head },
    followers: followers.map((each) => ({ connected: true, ...each })),
  };
}

/** A conflict of two values; the first is shown. */
export function contested(field: string, values: readonly (string | Uint8Array)[]): Conflict {
  return {
    stream: { collection: "notes", zone: "world", lane: 2 },
    name: { record: "list", field },
    kind: Kind.REG_LWW,
    contenders: values.map((body, at) => ({
      sibling: { dot: { replica: `replica-${at}`, ctr: at + 1 }, op: opOf(body) },
      author: `author ${at}`,
      shown: at === 0,
    })),
    why: `Of ${values.length} values the latest by hybrid time is shown.`,
  };
}

function opOf(value: string | Uint8Array): Uint8Array {
  const body = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return toBinary(OpSchema, create(OpSchema, { kind: Kind.REG_LWW, body }));
}

/** The page is told of these streams from its next visit on, and of what is told then. */
export async function tellStreams(
  page: Page,
  streams: Status[],
): Promise<OpenStream<typeof WatchStreamsResponseSchema>> {
  await answer(page, `${collections}/ListStreams`, ListStreamsResponseSchema, {
    streams: streams.slice(0, 1),
  });
  const first = { streams, complete: true };
  return await openStream(page, `${collections}/WatchStreams`, WatchStreamsResponseSchema, first);
}

/** The page is told of these conflicts whenever it asks. */
export async function tellConflicts(page: Page, conflicts: Conflict[]): Promise<void> {
  const schema = ListConflictsResponseSchema;
  await page.unroute(`**/${collections}/ListConflicts`);
  await answer(page, `${collections}/ListConflicts`, schema, { conflicts });
}

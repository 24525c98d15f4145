import { createConnectQueryKey, useInfiniteQuery } from "@connectrpc/connect-query";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Conflict, StreamStatus } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { soon } from "./soon.ts";
import type { Streams } from "./streams.ts";

/** Values of up to 64 KiB each: a page of many more would be heavy. */
const pageSize = 50;
/** Another conflict, or one less, is worth a look at once; another value in one of them soon. */
const countMs = 400;
const valueMs = 5_000;

/** The conflicts of a stream or of all, page after page, again when a stream tells of others. */
export function useConflicts(stream: Stream | undefined, streams: Streams) {
  const list = useInfiniteQuery(
    CollectionService.method.listConflicts,
    { page: { size: pageSize, token: "" }, ...(stream && { stream }) },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
    },
  );
  useLookAgain(
    countMs,
    toldBy(streams, ({ conflicts }) => conflicts),
  );
  useLookAgain(
    valueMs,
    toldBy(streams, ({ conflicts, head }) => conflicts && head),
  );
  const shown: readonly Conflict[] = list.data?.pages.flatMap(({ conflicts }) => conflicts) ?? [];
  return { list, shown };
}

/** Asks for the list anew a while after the text changed first, however often it changes. */
function useLookAgain(waitMs: number, told: string): void {
  const client = useQueryClient();
  const [again] = useState(() =>
    soon(waitMs, () => void client.invalidateQueries({ queryKey: conflictsKey })),
  );
  const before = useRef(told);
  useEffect(() => {
    if (before.current !== told) again.wish();
    before.current = told;
  }, [again, told]);
  useEffect(() => again.stop, [again]);
}

/** What all lists of conflicts are kept under. */
export const conflictsKey = createConnectQueryKey({
  schema: CollectionService.method.listConflicts,
  cardinality: undefined,
});

/** Another text whenever the figure of a stream with conflicts is another. */
function toldBy({ rows }: Streams, figure: (status: StreamStatus) => number): string {
  const told: string[] = [];
  for (const { key, status } of rows.values()) {
    const value = figure(status);
    if (value > 0) told.push(`${key} ${value}`);
  }
  return told.join("\n");
}

import { createConnectQueryKey, useInfiniteQuery } from "@connectrpc/connect-query";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Conflict } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { after } from "../../parts/clock.ts";
import type { Streams } from "./streams.ts";

/** Values of up to 64 KiB each: a page of many more would be heavy. */
const pageSize = 50;
/** A burst of writes is one reason to look again, not many. */
const settleMs = 400;

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
  useLookAgain(toldBy(streams));
  const shown: readonly Conflict[] = list.data?.pages.flatMap(({ conflicts }) => conflicts) ?? [];
  return { list, shown };
}

/** Asks for the list anew, once for a burst. */
export function useLookAgain(told: string): void {
  const client = useQueryClient();
  const before = useRef(told);
  useEffect(() => {
    if (before.current === told) return undefined;
    return after(settleMs, () => {
      before.current = told;
      void client.invalidateQueries({ queryKey: conflictsKey });
    });
  }, [client, told]);
}

/** What all lists of conflicts are kept under. */
export const conflictsKey = createConnectQueryKey({
  schema: CollectionService.method.listConflicts,
  cardinality: undefined,
});

/** Another text whenever a stream with conflicts was written to. */
function toldBy({ rows }: Streams): string {
  const told: string[] = [];
  for (const { key, status } of rows.values()) {
    if (status.conflicts > 0) told.push(`${key} ${status.conflicts} ${status.head}`);
  }
  return told.join("\n");
}

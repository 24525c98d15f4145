import type { ReactNode } from "react";
import { Loading } from "./loading.tsx";
import { countText } from "./measure.ts";
import { TroubleNote } from "./note.tsx";
import { More } from "./rows.tsx";

interface Asked {
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
  readonly refetch: () => unknown;
}

/** A list that comes page by page: being asked for, refused, or here. */
export function Paged({
  list,
  label,
  shown,
  children,
}: {
  list: Asked;
  label: string;
  /** How many of it are here. */
  shown: number;
  children: ReactNode;
}) {
  const trouble = list.error !== null && (
    <div className="p-5">
      <TroubleNote error={list.error} retry={() => void list.refetch()} />
    </div>
  );
  // What was here before stays in sight: whoever reads it has not lost it.
  if (trouble && shown === 0) return trouble;
  if (list.isPending) return <Loading label={label} lines={4} table />;
  return (
    <>
      {trouble}
      {children}
      {list.hasNextPage && (
        <More
          busy={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
          shown={`Showing the first ${countText(shown)}`}
        >
          Show more
        </More>
      )}
    </>
  );
}

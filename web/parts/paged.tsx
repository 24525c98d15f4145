import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Loading } from "./loading.tsx";
import { TroubleNote } from "./note.tsx";

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
  children,
}: {
  list: Asked;
  label: string;
  children: ReactNode;
}) {
  if (list.error !== null) {
    return (
      <div className="p-5">
        <TroubleNote error={list.error} retry={() => void list.refetch()} />
      </div>
    );
  }
  if (list.isPending) return <Loading label={label} lines={4} />;
  return (
    <>
      {children}
      {list.hasNextPage && (
        <div className="border-t border-line p-3 text-center">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

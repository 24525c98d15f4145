import { useInfiniteQuery } from "@connectrpc/connect-query";
import type { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { useEffect } from "react";
import { useAgain } from "./use-again.ts";

/** Which tasks; what is empty asks for nothing. */
export interface TasksWish {
  readonly queue?: string;
  readonly states?: readonly TaskState[];
  readonly kind?: string;
  readonly nodeId?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly parentId?: string;
}

const pageSize = 200;
/** So long after something changed the list is asked for again; longer, the more of it is here. */
const againMs = 1_000;
/** Pages on which nothing was found, before somebody has to ask for more. */
const emptyMax = 20;

/** Tasks page after page, the newest first; again when `told` is another. */
export function useTasks(wish: TasksWish, told: unknown) {
  const { queue = "", states = [], kind = "", nodeId = "", labels = {}, parentId = "" } = wish;
  const list = useInfiniteQuery(
    TaskService.method.listTasks,
    {
      page: { size: pageSize, token: "" },
      queue,
      states: [...states],
      kind,
      nodeId,
      labels: { ...labels },
      parentId,
    },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
    },
  );
  const pages = list.data?.pages ?? [];
  const tasks = pages.flatMap((page) => page.tasks);
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const goesOn = tasks.length === 0 && hasNextPage && !isFetching && pages.length < emptyMax;
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);
  useAgain(againMs * Math.max(1, pages.length), told, () => void list.refetch());
  return { list, tasks };
}

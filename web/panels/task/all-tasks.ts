import { useInfiniteQuery } from "@connectrpc/connect-query";
import type { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { useCallback, useEffect, useState } from "react";
import { isLong, isTired, mayLookOn } from "./look-on.ts";
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

/**
 * Tasks page after page, the newest first; again when `told` is another, as long as they are not
 * very many.
 */
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
  const [asked, setAsked] = useState({ of: "", at: 0 });
  const of = JSON.stringify([queue, states, kind, nodeId, labels, parentId]);
  const { hasNextPage, isFetching, isError, fetchNextPage } = list;
  const looked = {
    found: pages.map((page) => page.tasks.length),
    askedAt: asked.of === of ? asked.at : 0,
    hasNextPage,
    isFetching,
    isError,
  };
  const count = pages.length;
  const lookFurther = useCallback(() => {
    setAsked({ of, at: count });
    void fetchNextPage();
  }, [of, count, fetchNextPage]);
  const mayGoOn = mayLookOn(looked);
  const goesOn = tasks.length === 0 && mayGoOn;
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);
  // What is here already need not be asked for again.
  const retry = () => void (list.isFetchNextPageError ? fetchNextPage() : list.refetch());
  const isStill = isLong(looked);
  useAgain(againMs * Math.max(1, count), told, () => {
    if (!isStill) void list.refetch();
  });
  return { list, tasks, mayGoOn, isStill, isTired: isTired(looked), lookFurther, retry };
}

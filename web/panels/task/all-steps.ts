import { useInfiniteQuery } from "@connectrpc/connect-query";
import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { skipToken } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useAgain } from "./use-again.ts";

const pageSize = 1_000;
/** The newest matter most, and stand on the last page: so many are read without being asked for. */
const pagesMax = 10;
/** So long after something changed they are asked for again; longer, the more of them are here. */
const againMs = 250;

/**
 * All that happened to a task, once it is here; asked for again when the task stands otherwise, not
 * with each sign of life.
 */
export function useSteps(task: Task) {
  const { id, state, attempt, cancellation } = task;
  const list = useInfiniteQuery(
    TaskService.method.listTaskSteps,
    id === "" ? skipToken : { taskId: id, page: { size: pageSize, token: "" } },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
    },
  );
  const { data, hasNextPage, isFetching, fetchNextPage, isError } = list;
  const count = data?.pages.length ?? 0;
  const goesOn = hasNextPage && !isError && count < pagesMax;
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage();
  }, [goesOn, isFetching, fetchNextPage]);
  const told = [state, attempt?.fence, attempt?.endTime?.seconds, cancellation?.time?.seconds];
  useAgain(againMs * Math.max(1, count), told.join(" "), () => void list.refetch());
  const steps = useMemo(() => data?.pages.flatMap((page) => page.steps), [data]);
  return { list, steps: goesOn ? undefined : steps };
}

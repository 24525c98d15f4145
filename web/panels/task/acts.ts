import { useMutation } from "@connectrpc/connect-query";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { newRequestId } from "../../parts/clock.ts";

/** Whatever of tasks the page shows is asked for again. */
export async function askTasksAgain(client: QueryClient): Promise<void> {
  await client.invalidateQueries({ predicate: isOfTasks });
}

function isOfTasks({ queryKey }: Query): boolean {
  const about: unknown = queryKey[1];
  if (typeof about !== "object" || about === null) return false;
  const { serviceName = "" } = about as Record<string, string>;
  return serviceName.startsWith("foedus.task.");
}

/**
 * One decision about tasks. One request id for as long as the component is there: pressing again
 * after a lost answer is still one decision.
 */
export function useAct<Method extends DescMethodUnary>(method: Method, onDone: () => void) {
  const client = useQueryClient();
  const [requestId] = useState(newRequestId);
  const { mutate, error, isPending, data } = useMutation<Method["input"], Method["output"]>(
    method,
    {
      onSuccess: async () => {
        await askTasksAgain(client);
        onDone();
      },
    },
  );
  return { mutate, error, isPending, data, requestId };
}

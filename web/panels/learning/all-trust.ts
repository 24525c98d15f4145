import { createClient } from "@connectrpc/connect";
import { createConnectQueryKey, useTransport } from "@connectrpc/connect-query";
import type { NodeTrust } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

const pageSize = 1_000;
const pagesMax = 10;

/** The standing of every node after a cycle, the newest unless one is named. */
export function useAllTrust({ cycleId = "", wanted = true }) {
  const transport = useTransport();
  const key = createConnectQueryKey({
    schema: LearningService.method.listTrust,
    cardinality: undefined,
  });
  return useQuery({
    queryKey: [...key, "all", cycleId],
    enabled: wanted,
    // What a past cycle came to never changes.
    staleTime: cycleId === "" ? 0 : Infinity,
    placeholderData: cycleId === "" ? keepPreviousData : undefined,
    async queryFn({ signal }): Promise<readonly NodeTrust[]> {
      const client = createClient(LearningService, transport);
      const all: NodeTrust[] = [];
      let token = "";
      for (let page = 0; page < pagesMax; page += 1) {
        const request = { page: { size: pageSize, token }, cycleId };
        // Each page says where the next one begins.
        const { trust, nextPageToken } = await client.listTrust(request, { signal });
        all.push(...trust);
        token = nextPageToken;
        if (token === "") break;
      }
      return all;
    },
  });
}

import { createClient } from "@connectrpc/connect";
import { createConnectQueryKey, useTransport } from "@connectrpc/connect-query";
import type { Link } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { useQuery } from "@tanstack/react-query";

const pageSize = 1_000;
const pagesMax = 10;
/** Counts change without an event; they are asked again while somebody looks. */
const againMs = 15_000;

/** Every link, page after page: whoever is in trouble may stand on the last one. */
export function useAllLinks() {
  const transport = useTransport();
  const key = createConnectQueryKey({
    schema: LinkService.method.listLinks,
    cardinality: undefined,
  });
  return useQuery({
    queryKey: [...key, "all"],
    refetchInterval: againMs,
    async queryFn({ signal }): Promise<readonly Link[]> {
      const client = createClient(LinkService, transport);
      const all: Link[] = [];
      let token = "";
      for (let page = 0; page < pagesMax; page += 1) {
        const request = { page: { size: pageSize, token } };
        // Each page says where the next one begins.
        const { links, nextPageToken } = await client.listLinks(request, { signal });
        all.push(...links);
        token = nextPageToken;
        if (token === "") break;
      }
      return all;
    },
  });
}

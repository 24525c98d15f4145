import { createClient } from "@connectrpc/connect";
import { createConnectQueryKey, useTransport } from "@connectrpc/connect-query";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { useQuery } from "@tanstack/react-query";

const pageSize = 1_000;
/** More than this nobody reads on a page; the command line lists them all. */
const pagesMax = 10;

/** Every identity, page after page; quarantine is no filter of the list. */
export function useAllIdentities() {
  const transport = useTransport();
  const key = createConnectQueryKey({
    schema: IdentityService.method.listIdentities,
    cardinality: undefined,
  });
  return useQuery({
    queryKey: [...key, "all"],
    async queryFn({ signal }): Promise<readonly Identity[]> {
      const client = createClient(IdentityService, transport);
      const all: Identity[] = [];
      let token = "";
      for (let page = 0; page < pagesMax; page += 1) {
        const request = { page: { size: pageSize, token } };
        // Each page says where the next one begins.
        const { identities, nextPageToken } = await client.listIdentities(request, { signal });
        all.push(...identities);
        token = nextPageToken;
        if (token === "") break;
      }
      return all;
    },
  });
}

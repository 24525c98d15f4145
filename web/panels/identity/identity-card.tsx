import { useInfiniteQuery } from "@connectrpc/connect-query";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Card } from "../../parts/card.tsx";
import { Empty } from "../../parts/note.tsx";
import { Paged } from "../../parts/paged.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { IdentityRow } from "./identity-row.tsx";

const columns: readonly Column[] = [
  { key: "state", title: "State" },
  { key: "name", title: "Name" },
  { key: "role", title: "Role" },
  { key: "joined", title: "Joined" },
  { key: "certificate", title: "Certificate" },
  { key: "key", title: "Identity key" },
  { key: "actions", title: "", right: true },
];
const pageSize = 100;

/** Who was admitted, the revoked included. */
export function IdentityCard() {
  const list = useInfiniteQuery(
    IdentityService.method.listIdentities,
    { page: { size: pageSize, token: "" } },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
    },
  );
  const identities = list.data?.pages.flatMap((page) => page.identities) ?? [];
  return (
    <Card title="Identities">
      <Paged label="Asking for identities" list={list} shown={identities.length}>
        {identities.length === 0 ? (
          <Empty icon="identity" title="Nobody has joined yet">
            A node gets its identity when it redeems a join token.
          </Empty>
        ) : (
          <Table caption="Identities by node id" columns={columns}>
            {identities.map((identity) => (
              <IdentityRow identity={identity} key={identity.nodeId} />
            ))}
          </Table>
        )}
      </Paged>
    </Card>
  );
}

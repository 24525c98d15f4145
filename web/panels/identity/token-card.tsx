import { useInfiniteQuery } from "@connectrpc/connect-query";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Card } from "../../parts/card.tsx";
import { Closed, Empty } from "../../parts/note.tsx";
import { Paged } from "../../parts/paged.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { useMay } from "../../shell/session.tsx";
import { TokenRow } from "./token-row.tsx";

const columns: readonly Column[] = [
  { key: "state", title: "State" },
  { key: "name", title: "Admits" },
  { key: "role", title: "As" },
  { key: "created", title: "Made" },
  { key: "expires", title: "Ends" },
  { key: "id", title: "Token" },
  { key: "actions", title: "", right: true },
];
const pageSize = 100;

/** The tokens, newest first. */
export function TokenCard() {
  const may = useMay(IdentityService.method.listTokens);
  if (!may.allowed) {
    return (
      <Card title="Join tokens">
        <Closed why={may.why} />
      </Card>
    );
  }
  return (
    <Card title="Join tokens">
      <TokenList />
    </Card>
  );
}

function TokenList() {
  const list = useInfiniteQuery(
    IdentityService.method.listTokens,
    { page: { size: pageSize, token: "" } },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
    },
  );
  const tokens = list.data?.pages.flatMap((page) => page.tokens) ?? [];
  return (
    <Paged label="Asking for tokens" list={list} shown={tokens.length}>
      {tokens.length === 0 ? (
        <Empty
          command="npx foedus token create --name my-node"
          icon="identity"
          small
          title="No tokens yet"
        >
          A token admits one node, once. Make one here or on the command line.
        </Empty>
      ) : (
        <Table caption="Join tokens, newest first" columns={columns}>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </Table>
      )}
    </Paged>
  );
}

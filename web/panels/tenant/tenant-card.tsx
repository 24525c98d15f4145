import { useInfiniteQuery } from "@connectrpc/connect-query";
import { TenantService } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { Card } from "../../parts/card.tsx";
import { Paged } from "../../parts/paged.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { TenantRow } from "./tenant-row.tsx";

const columns: readonly Column[] = [
  { key: "name", title: "Tenant" },
  { key: "state", title: "State" },
  { key: "made", title: "Made" },
  { key: "invitation", title: "Where its nodes join" },
  { key: "actions", title: "", right: true },
];
const pageSize = 100;

/** Every tenant of the hub; there is always one, the operators' own. */
export function TenantCard() {
  const list = useInfiniteQuery(
    TenantService.method.listTenants,
    { page: { size: pageSize, token: "" } },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
    },
  );
  const tenants = list.data?.pages.flatMap((page) => page.tenants) ?? [];
  return (
    <Card title="On this hub">
      <Paged label="Asking for the tenants" list={list} shown={tenants.length}>
        <Table caption="Tenants by name" columns={columns}>
          {tenants.map((tenant) => (
            <TenantRow key={tenant.name} tenant={tenant} />
          ))}
        </Table>
      </Paged>
    </Card>
  );
}

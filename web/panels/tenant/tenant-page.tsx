import { TenantService } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/note.tsx";
import { PageBody, PageHead } from "../../parts/page.tsx";
import { useMay } from "../../shell/session.tsx";
import { ProvisionDialog } from "./provision-dialog.tsx";
import { TenantCard } from "./tenant-card.tsx";

/** The parties on this hub, each behind a wall of its own. */
export function TenantPage() {
  const [adding, setAdding] = useState(false);
  const may = useMay(TenantService.method.listTenants);
  const add = useMay(TenantService.method.provisionTenant);
  return (
    <>
      <PageHead
        aside={
          <Button
            icon="plus"
            onClick={() => setAdding(true)}
            {...(add.allowed ? {} : { refusal: add.why })}
          >
            Provision a tenant
          </Button>
        }
        title="Tenants"
      />
      <PageBody>
        {may.allowed ? (
          <TenantCard />
        ) : (
          <Empty icon="tenant" title="For operators of the hub">
            Tenants are parties that live on one hub behind walls of their own. Yours is named under
            You; operators alone see which others there are.
          </Empty>
        )}
      </PageBody>
      {adding && <ProvisionDialog onClose={() => setAdding(false)} />}
    </>
  );
}

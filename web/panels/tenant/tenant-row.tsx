import { type Tenant, TenantState } from "@foedus/gen/foedus/tenant/v1/tenant_pb.js";
import { TenantService } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { useState } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { Name, Words } from "../../parts/name.tsx";
import { Cell } from "../../parts/table.tsx";
import { Ago } from "../../parts/time.tsx";
import { useMay, useSession } from "../../shell/session.tsx";
import { ResumeDialog, SuspendDialog } from "./state-dialogs.tsx";

/** One party, and what an operator may do about it. */
export function TenantRow({ tenant }: { tenant: Tenant }) {
  return (
    <tr>
      <Cell>
        <span className="block py-1.5">
          <Name className="max-w-60 font-medium" text={tenant.title || tenant.name} />
          <Name className="max-w-60 font-mono text-2xs text-muted" text={tenant.qualifiedName} />
        </span>
      </Cell>
      <Cell>
        <TenantBadge tenant={tenant} />
      </Cell>
      <Cell>
        <Ago at={tenant.createTime} />
      </Cell>
      <Cell>
        <span className="flex items-center gap-2">
          <code className="max-w-72 truncate font-mono text-xs" title={tenant.invitation}>
            {tenant.invitation}
          </code>
          <CopyButton label="Copy" text={tenant.invitation} />
        </span>
      </Cell>
      <Cell right>
        <StateButton tenant={tenant} />
      </Cell>
    </tr>
  );
}

function TenantBadge({ tenant }: { tenant: Tenant }) {
  const active = tenant.state === TenantState.ACTIVE;
  return (
    <span className="block py-1.5">
      {active ? (
        <Badge icon="online" quiet tone="online">
          Active
        </Badge>
      ) : (
        <Badge icon="pause" tone="offline">
          Suspended
        </Badge>
      )}
      {!active && (
        <span className="mt-0.5 block text-xs text-muted">
          <Ago at={tenant.stateTime} />
          <Words className="line-clamp-2! max-w-60" text={tenant.reason} />
        </span>
      )}
    </span>
  );
}

function StateButton({ tenant }: { tenant: Tenant }) {
  const [asking, setAsking] = useState(false);
  const own = useSession().tenant === tenant.name;
  const may = useMay(TenantService.method.suspendTenant);
  const refusal = own ? "The operators' own tenant is always served." : may.why;
  const close = () => setAsking(false);
  const active = tenant.state === TenantState.ACTIVE;
  return (
    <>
      <Button
        onClick={() => setAsking(true)}
        small
        tone="quiet"
        {...(own || !may.allowed ? { refusal } : {})}
      >
        {active ? "Suspend" : "Serve again"}
      </Button>
      {asking && active && <SuspendDialog name={tenant.name} onClose={close} />}
      {asking && !active && <ResumeDialog name={tenant.name} onClose={close} />}
    </>
  );
}

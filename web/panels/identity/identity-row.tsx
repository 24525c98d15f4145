import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { roleName } from "../../parts/may.ts";
import { hexText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { NodeLink } from "../../parts/node-link.tsx";
import { Cell } from "../../parts/table.tsx";
import { Ago } from "../../parts/time.tsx";
import { useMay } from "../../shell/session.tsx";
import { DecisionDialog } from "../node/decision-dialog.tsx";
import { decisions } from "../node/decisions.ts";

/** One identity, and how to end it. */
export function IdentityRow({ identity }: { identity: Identity }) {
  const revoked = identity.revokeTime !== undefined;
  const key = hexText(identity.identityKey);
  return (
    <tr>
      <Cell>
        <StandingBadge identity={identity} />
      </Cell>
      <Cell>
        <NodeLink className="max-w-52" id={identity.nodeId} name={identity.name} />
        <Name
          className="max-w-52 text-xs text-muted"
          text={identity.revokeReason || identity.quarantineReason}
        />
      </Cell>
      <Cell>{roleName(identity.role)}</Cell>
      <Cell>
        <Ago at={identity.enrollTime} />
      </Cell>
      <Cell>
        {revoked ? (
          <span className="text-muted">
            cut <Ago at={identity.revokeTime} />
          </span>
        ) : (
          <>
            ends <Ago at={identity.certificateExpireTime} />
          </>
        )}
      </Cell>
      <Cell>
        <code className="font-mono text-2xs text-muted" title={key}>
          {key.slice(0, 16)}…
        </code>
      </Cell>
      <Cell right>{!revoked && <RevokeButton identity={identity} />}</Cell>
    </tr>
  );
}

/** Whether it may come in; who is cut off for now is not told as admitted. */
function StandingBadge({ identity }: { identity: Identity }) {
  if (identity.revokeTime !== undefined) {
    return (
      <Badge icon="offline" tone="offline">
        Revoked
      </Badge>
    );
  }
  if (identity.quarantineTime !== undefined) {
    return (
      <Badge icon="block" tone="degraded">
        In quarantine
      </Badge>
    );
  }
  return (
    <Badge icon="online" quiet tone="online">
      Admitted
    </Badge>
  );
}

function RevokeButton({ identity }: { identity: Identity }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const may = useMay(IdentityService.method.revokeNode);
  const close = () => {
    setAsking(false);
    void client.invalidateQueries();
  };
  return (
    <>
      <Button
        onClick={() => setAsking(true)}
        small
        tone="quiet"
        {...(may.allowed ? {} : { refusal: may.why })}
      >
        Revoke
      </Button>
      {asking && (
        <DecisionDialog
          decision={decisions.revoke}
          node={{ id: identity.nodeId, name: identity.name }}
          onClose={close}
        />
      )}
    </>
  );
}

import { type JoinRequest, JoinRequestState } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { useState } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { roleName } from "../../parts/may.ts";
import { Name, Words } from "../../parts/name.tsx";
import { NodeLink } from "../../parts/node-link.tsx";
import { Cell } from "../../parts/table.tsx";
import { Ago } from "../../parts/time.tsx";
import { ApproveDialog } from "./approve-dialog.tsx";
import { DenyDialog } from "./deny-dialog.tsx";
import { Fingerprint } from "./fingerprint.tsx";
import { requestLook } from "./request-state.ts";

type Decision = "approve" | "deny";

/** One wish to join, and what can be decided about it. */
export function RequestRow({ request }: { request: JoinRequest }) {
  const [deciding, setDeciding] = useState<Decision>();
  const look = requestLook(request.state);
  const close = () => setDeciding(undefined);
  return (
    <tr>
      <Cell>
        <Wish request={request} />
      </Cell>
      <Cell>
        <span className="block py-2">
          <Fingerprint
            small={request.state !== JoinRequestState.WAITING}
            text={request.fingerprint}
          />
        </span>
      </Cell>
      <Cell>
        <code className="font-mono text-xs text-muted">{request.address.slice(0, 64)}</code>
      </Cell>
      <Cell>
        <Ago at={request.createTime} />
        {request.state === JoinRequestState.WAITING && (
          <span className="block text-xs whitespace-nowrap text-muted">
            lapses <Ago at={request.expireTime} />
          </span>
        )}
      </Cell>
      <Cell>
        <Badge icon={look.icon} tone={look.tone}>
          {look.word}
        </Badge>
        <Decided request={request} />
      </Cell>
      <Cell right>
        {request.state === JoinRequestState.WAITING && <Decisions onDecide={setDeciding} />}
        {deciding === "approve" && <ApproveDialog onClose={close} request={request} />}
        {deciding === "deny" && <DenyDialog onClose={close} request={request} />}
      </Cell>
    </tr>
  );
}

function Decisions({ onDecide }: { onDecide: (decision: Decision) => void }) {
  return (
    <span className="inline-flex gap-2">
      <Button icon="check" onClick={() => onDecide("approve")} small>
        Approve
      </Button>
      <Button onClick={() => onDecide("deny")} small tone="quiet">
        Deny
      </Button>
    </span>
  );
}

function Wish({ request }: { request: JoinRequest }) {
  const name = request.name || "any name";
  if (request.nodeId === "") return <Name className="max-w-44 font-medium" text={name} />;
  return <NodeLink className="max-w-44" id={request.nodeId} name={name} />;
}

/** Who decided, and why. */
function Decided({ request }: { request: JoinRequest }) {
  if (request.state === JoinRequestState.WAITING || request.decidedBy === "") return null;
  const role = request.state === JoinRequestState.DENIED ? "" : ` as ${roleName(request.role)}`;
  return (
    <span className="block max-w-64 pb-1.5 text-xs text-muted">
      by {request.decidedBy}
      {role}, <Ago at={request.decideTime} />
      {request.reason && <Words className="line-clamp-2!" text={`“${request.reason}”`} />}
    </span>
  );
}

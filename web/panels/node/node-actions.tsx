import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Section } from "../../parts/section.tsx";
import { useMay } from "../../shell/session.tsx";
import { DecisionDialog } from "./decision-dialog.tsx";
import { type Decision, decisions } from "./decisions.ts";

/** What may be done to a node; what may not is explained. */
export function NodeActions({ node }: { node: Node }) {
  const [decision, setDecision] = useState<Decision>();
  const maintenance = useMay(NodeService.method.setMaintenance);
  const retire = useMay(NodeService.method.retireNode);
  const revoke = useMay(IdentityService.method.revokeNode);
  const working = node.state === NodeState.MAINTENANCE;
  if (node.state === NodeState.RETIRED) {
    return (
      <Section title="What you can do">
        <p className="text-sm text-muted">It is retired for good. Its events stay in the log.</p>
      </Section>
    );
  }
  const refusals = new Set([maintenance.why, retire.why, revoke.why].filter(Boolean));
  return (
    <Section title="What you can do">
      <div className="mt-1 flex flex-wrap gap-2">
        <Button
          icon="maintenance"
          onClick={() =>
            setDecision(working ? decisions.endMaintenance : decisions.beginMaintenance)
          }
          {...(maintenance.allowed ? {} : { refusal: maintenance.why })}
        >
          {working ? "End maintenance" : "Begin maintenance"}
        </Button>
        <Button
          icon="retired"
          onClick={() => setDecision(decisions.retire)}
          {...(retire.allowed ? {} : { refusal: retire.why })}
        >
          Retire
        </Button>
        <Button
          icon="offline"
          onClick={() => setDecision(decisions.revoke)}
          tone="danger"
          {...(revoke.allowed ? {} : { refusal: revoke.why })}
        >
          Revoke
        </Button>
      </div>
      {[...refusals].map((why) => (
        <p className="mt-2 text-xs text-muted" key={why}>
          {why}
        </p>
      ))}
      {decision && (
        <DecisionDialog decision={decision} node={node} onClose={() => setDecision(undefined)} />
      )}
    </Section>
  );
}

import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import type { IconName } from "../../parts/icon.tsx";
import type { Permission } from "../../parts/may.ts";
import { Section } from "../../parts/section.tsx";
import { useMay } from "../../shell/session.tsx";
import { DecisionDialog } from "./decision-dialog.tsx";
import { type Decision, decisions } from "./decisions.ts";

/** What may be done to a node; what may not is explained. */
export function NodeActions({ node }: { node: Node }) {
  const [decision, setDecision] = useState<Decision>();
  // The policy lets a node do both to itself; of people, the rule lets only admins.
  const maintain = useMay(NodeService.method.setMaintenance, Role.ADMIN);
  const retire = useMay(NodeService.method.retireNode, Role.ADMIN);
  const revoke = useMay(IdentityService.method.revokeNode);
  if (node.state === NodeState.RETIRED) {
    return (
      <Section title="What you can do">
        <p className="text-sm text-muted">It is retired for good. Its events stay in the log.</p>
      </Section>
    );
  }
  const working = node.state === NodeState.MAINTENANCE;
  const maintenance = working ? decisions.endMaintenance : decisions.beginMaintenance;
  const whys = new Set([maintain, retire, revoke].map(({ why }) => why).filter(Boolean));
  return (
    <Section title="What you can do">
      <div className="mt-1 flex flex-wrap gap-2">
        <Act decision={maintenance} icon="maintenance" may={maintain} onAct={setDecision} />
        <Act decision={decisions.retire} icon="retired" may={retire} onAct={setDecision} />
        <Act decision={decisions.revoke} icon="offline" may={revoke} onAct={setDecision} />
      </div>
      {[...whys].map((why) => (
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

function Act(props: {
  decision: Decision;
  icon: IconName;
  may: Permission;
  onAct: (decision: Decision) => void;
}) {
  const { decision, icon, may, onAct } = props;
  return (
    <Button
      icon={icon}
      onClick={() => onAct(decision)}
      tone={decision.verb === "revoke" ? "danger" : "plain"}
      {...(may.allowed ? {} : { refusal: may.why })}
    >
      {decision.button}
    </Button>
  );
}

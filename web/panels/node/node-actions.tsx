import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import type { IconName } from "../../parts/icon.tsx";
import type { Permission } from "../../parts/may.ts";
import { Section } from "../../parts/section.tsx";
import { useMay } from "../../shell/session.tsx";
import { DecisionDialog } from "./decision-dialog.tsx";
import { type Decision, decisions } from "./decisions.ts";
import { RoleDialog } from "./role-dialog.tsx";

interface NodeActionsProps {
  readonly node: Node;
  readonly identity: Identity | undefined;
}

/** What may be done to a node; what may not is explained. */
export function NodeActions({ node, identity }: NodeActionsProps) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<Decision | "role">();
  const acts = useActs(node, identity);
  const mayRole = useMay(IdentityService.method.setNodeRole);
  if (node.state === NodeState.RETIRED) {
    return (
      <Section title="What you can do">
        <p className="text-sm text-muted">It is retired for good. Its events stay in the log.</p>
      </Section>
    );
  }
  const whys = new Set([...acts.map(({ may }) => may.why), mayRole.why].filter(Boolean));
  const close = () => {
    setAsking(undefined);
    void client.invalidateQueries();
  };
  return (
    <Section title="What you can do">
      <div className="mt-1 flex flex-wrap gap-2">
        <Button
          icon="identity"
          onClick={() => setAsking("role")}
          {...(mayRole.allowed ? {} : { refusal: mayRole.why })}
        >
          Change role
        </Button>
        {acts.map((act) => (
          <ActButton act={act} key={act.decision.verb} onAct={setAsking} />
        ))}
      </div>
      {[...whys].map((why) => (
        <p className="mt-2 text-xs text-muted" key={why}>
          {why}
        </p>
      ))}
      {asking === "role" && (
        <RoleDialog node={node} now={identity?.role ?? node.role} onClose={close} />
      )}
      {asking !== undefined && asking !== "role" && (
        <DecisionDialog decision={asking} node={node} onClose={close} />
      )}
    </Section>
  );
}

interface Act {
  readonly decision: Decision;
  readonly icon: IconName;
  readonly may: Permission;
}

/** The decisions that make sense for a node as it stands. */
function useActs(node: Node, identity: Identity | undefined): readonly Act[] {
  // The policy lets a node do both to itself; of people, the rule lets only admins.
  const maintain = useMay(NodeService.method.setMaintenance, Role.ADMIN);
  const retire = useMay(NodeService.method.retireNode, Role.ADMIN);
  const revoke = useMay(IdentityService.method.revokeNode);
  const quarantine = useMay(IdentityService.method.quarantineNode);
  const release = useMay(IdentityService.method.releaseNode);
  const working = node.state === NodeState.MAINTENANCE;
  const held = identity?.quarantineTime !== undefined;
  return [
    {
      decision: working ? decisions.endMaintenance : decisions.beginMaintenance,
      icon: "maintenance",
      may: maintain,
    },
    held
      ? { decision: decisions.release, icon: "out", may: release }
      : { decision: decisions.quarantine, icon: "block", may: quarantine },
    { decision: decisions.retire, icon: "retired", may: retire },
    { decision: decisions.revoke, icon: "offline", may: revoke },
  ];
}

function ActButton({ act, onAct }: { act: Act; onAct: (decision: Decision) => void }) {
  const { decision, icon, may } = act;
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

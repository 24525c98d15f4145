import { useQuery } from "@connectrpc/connect-query";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { lazy, Suspense } from "react";
import { Tag } from "../../parts/badge.tsx";
import { FactRow, Facts } from "../../parts/card.tsx";
import { withLocalTimes } from "../../parts/clock.ts";
import { fetchAgain } from "../../parts/fetch-again.ts";
import { roundTripText, skewText } from "../../parts/measure.ts";
import { Name, Words } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { SidePanel } from "../../parts/side-panel.tsx";
import { Ago, Since } from "../../parts/time.tsx";
import { EventSection } from "./event-section.tsx";
import { GraphSection } from "./graph-section.tsx";
import { HealthSection } from "./health-section.tsx";
import { IdentitySection } from "./identity-section.tsx";
import type { Latest } from "./latest.ts";
import { LinkSection } from "./link-section.tsx";
import { NodeActions } from "./node-actions.tsx";
import { ProfileSection } from "./profile-section.tsx";
import { QuarantineNote } from "./quarantine-note.tsx";
import { StateBadge } from "./state-badge.tsx";
import { titleBeside } from "./state.ts";
import { SyncSection } from "./sync-section.tsx";
import { TelemetrySection } from "./telemetry-section.tsx";
import { TieSection } from "./tie-section.tsx";
import type { Ties } from "./ties.ts";
import { TrustSection } from "./trust-section.tsx";
import { useNodeView } from "./view.ts";

/** Fetched with the first panel: the map needs none of it. */
const TaskSection = lazy(async () => {
  const { TaskSection: component } = await fetchAgain(() => import("../task/node-section.tsx"));
  return { default: component };
});

interface NodePanelProps {
  readonly node: Node;
  readonly latest: Latest;
  readonly ties: Ties;
}

/** Everything that is known of one node, and on which events it stands. */
export function NodePanel({ node, latest, ties }: NodePanelProps) {
  const [, change] = useNodeView();
  const answer = useQuery(IdentityService.method.listIdentities, { nodeIds: [node.id] });
  const identity = answer.data?.identities[0];
  return (
    <SidePanel
      key={node.id}
      label={`Node ${node.name.slice(0, 80)}`}
      onClose={() => change({ selected: undefined })}
      title={<Name text={node.name} />}
    >
      <div className="flex flex-col gap-6">
        <Profile node={node} />
        {identity?.quarantineTime && <QuarantineNote identity={identity} />}
        <Standing node={node} />
        <ProfileSection node={node} />
        <TrustSection node={node} />
        <GraphSection latest={latest} source={node.spiffeId} />
        <TieSection node={node} ties={ties} />
        <TelemetrySection latest={latest} source={node.spiffeId} />
        <HealthSection latest={latest} source={node.spiffeId} />
        <EventSection latest={latest} node={node} />
        <LinkSection node={node} />
        <SyncSection id={node.id} name={node.name} />
        <Suspense>
          <TaskSection nodeId={node.id} />
        </Suspense>
        <IdentitySection identity={identity} node={node} />
        <NodeActions identity={identity} node={node} />
      </div>
    </SidePanel>
  );
}

function Profile({ node }: { node: Node }) {
  const { profile } = node;
  return (
    <div>
      <StateBadge state={node.state} />
      <Words className="mt-2 text-sm font-medium" text={titleBeside(node) ?? ""} />
      <Words className="mt-0.5 text-sm text-muted" text={profile?.description ?? ""} />
      {(profile?.tags.length ?? 0) > 0 && (
        <div className="mt-2 flex flex-wrap gap-1">
          {profile?.tags.slice(0, 32).map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </div>
      )}
    </div>
  );
}

function Standing({ node }: { node: Node }) {
  return (
    <Section title="By the hub's clock">
      <Facts>
        <FactRow name="In this state">
          <Since at={node.stateTime} lead="for" />
        </FactRow>
        {node.stateReasons.length > 0 && (
          <FactRow name="Because">
            {node.stateReasons.slice(0, 8).map((reason) => (
              <Words key={reason} text={withLocalTimes(reason)} />
            ))}
          </FactRow>
        )}
        <FactRow name="Last seen">
          <Ago at={node.lastSeenTime} never="never" />
        </FactRow>
        <FactRow name="First seen">
          <Ago at={node.createTime} />
        </FactRow>
        <FactRow name="Round trip">
          <span className="figures">{roundTripText(node.roundTripUs)}</span>
        </FactRow>
        <FactRow name="Its clock">
          <span className="figures">{skewText(node.skewMs)}</span>
        </FactRow>
      </Facts>
    </Section>
  );
}

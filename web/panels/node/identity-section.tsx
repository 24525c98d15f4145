import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { FactRow, Facts } from "../../parts/card.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { roleName } from "../../parts/may.ts";
import { unknown } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";

interface IdentitySectionProps {
  readonly node: Node;
  readonly identity: Identity | undefined;
}

/** Who the node is. Its role is judged by the identity; the registry follows a little later. */
export function IdentitySection({ node, identity }: IdentitySectionProps) {
  const { profile } = node;
  return (
    <Section title="Who it is">
      <Facts>
        <FactRow name="Project">
          <Name text={profile?.project || unknown} />
        </FactRow>
        <FactRow name="Role">{roleName(identity?.role ?? node.role)}</FactRow>
        <FactRow name="Software">
          <Name text={profile?.software || unknown} />
        </FactRow>
        <FactRow name="Version">
          <Name text={profile?.version || unknown} />
        </FactRow>
        <FactRow aside={<CopyButton label="Copy" text={node.id} />} name="Node id">
          <code className="font-mono text-2xs break-all">{node.id}</code>
        </FactRow>
        <FactRow aside={<CopyButton label="Copy" text={node.spiffeId} />} name="SPIFFE id">
          <code className="font-mono text-2xs break-all">{node.spiffeId}</code>
        </FactRow>
      </Facts>
    </Section>
  );
}

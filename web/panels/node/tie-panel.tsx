import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Badge } from "../../parts/badge.tsx";
import { FactRow, Facts } from "../../parts/card.tsx";
import { EvidenceLink } from "../../parts/evidence.tsx";
import { unknown } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { SidePanel } from "../../parts/side-panel.tsx";
import { TieSync } from "./sync-section.tsx";
import { kindName, type Strand, type Tie } from "./ties.ts";
import { useNodeView } from "./view.ts";

/** What ties two nodes, and where it is written. */
export function TiePanel({ tie, nodes }: { tie: Tie; nodes: ReadonlyMap<string, Node> }) {
  const [, change] = useNodeView();
  const from = nodes.get(tie.fromId)?.name ?? unknown;
  const to = nodes.get(tie.toId)?.name ?? unknown;
  return (
    <SidePanel
      label="Tie between two nodes"
      onClose={() => change({ tie: undefined })}
      title="What ties them"
    >
      <div className="flex flex-col gap-5">
        <div>
          <Badge
            ground={tie.mutual ? "bg-schema-ground" : "bg-tie-ground"}
            icon="link"
            text={tie.mutual ? "text-schema" : "text-tie"}
          >
            {kindName(tie.kind)}
          </Badge>
          <p className="mt-2 text-sm">
            <NodeLink id={tie.fromId} name={from} /> {tie.mutual ? "and" : "depends on"}{" "}
            <NodeLink id={tie.toId} name={to} />
            {tie.mutual && ` both depend on ${tie.strands[0]?.edge.toPackage ?? unknown}`}
          </p>
        </div>
        <TieSync
          ends={[
            [tie.fromId, from],
            [tie.toId, to],
          ]}
        />
        {tie.strands.map((strand) => (
          <StrandSection
            key={String(strand.fact.cursor)}
            name={nodes.get(strand.fromId)?.name ?? unknown}
            strand={strand}
          />
        ))}
      </div>
    </SidePanel>
  );
}

function NodeLink({ id, name }: { id: string; name: string }) {
  const [, change] = useNodeView();
  return (
    <button
      className="inline-block max-w-40 align-bottom font-medium text-accent underline"
      onClick={() => change({ selected: id, tie: undefined })}
      type="button"
    >
      <Name text={name} />
    </button>
  );
}

function StrandSection({ strand, name }: { strand: Strand; name: string }) {
  const { edge, fact } = strand;
  const { proof } = edge;
  return (
    <Section fact={fact} title={edge.toPackage.slice(0, 120)}>
      <Facts>
        <FactRow name="Needed by">
          <Name text={name} />
        </FactRow>
        <FactRow name="Strength">
          <span className="figures">{edge.strength.toFixed(1)}</span>{" "}
          {edge.strength >= 1 ? "at run time" : "for development"}
        </FactRow>
        <FactRow aside={<EvidenceLink cursor={fact.cursor} what="this tie" />} name="Written in">
          <code className="font-mono text-xs">
            {proof ? `${proof.manifest.slice(0, 200)}:${proof.line}` : unknown}
          </code>
        </FactRow>
        <FactRow name="Digest">
          <code className="font-mono text-2xs break-all">{proof?.digest || unknown}</code>
        </FactRow>
      </Facts>
    </Section>
  );
}

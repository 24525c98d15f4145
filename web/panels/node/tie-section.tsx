import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { EvidenceLink } from "../../parts/evidence.tsx";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { useWatch } from "./nodes.tsx";
import { kindName, type Strand, type Tie, type Ties } from "./ties.ts";
import { useNodeView } from "./view.ts";

const looseMax = 12;

/** What ties the node to others, and what it needs that nobody here provides. */
export function TieSection({ node, ties }: { node: Node; ties: Ties }) {
  const own = ties.ties.filter(({ fromId, toId }) => fromId === node.id || toId === node.id);
  const loose = ties.loose.filter(({ fromId }) => fromId === node.id);
  return (
    <Section title="Ties to other projects">
      {own.length === 0 && <p className="text-sm text-muted">None that anybody has told of.</p>}
      <ul className="divide-y divide-line text-sm">
        {own.map((tie) => (
          <TieRow key={tie.id} node={node} tie={tie} />
        ))}
      </ul>
      {loose.length > 0 && (
        <details className="mt-2 text-sm">
          <summary className="cursor-pointer text-muted">
            {loose.length} more that no node here provides
          </summary>
          <ul className="mt-1">
            {loose.slice(0, looseMax).map((strand) => (
              <LooseRow key={String(strand.fact.cursor)} strand={strand} />
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

function TieRow({ tie, node }: { tie: Tie; node: Node }) {
  const [, change] = useNodeView();
  const { nodes } = useWatch();
  const outward = tie.fromId === node.id;
  const other = nodes.get(outward ? tie.toId : tie.fromId);
  const way = tie.mutual ? "shares with" : outward ? "depends on" : "is needed by";
  return (
    <li>
      <button
        className="flex min-h-10 w-full items-center gap-2 py-1.5 text-left hover:text-accent"
        onClick={() => change({ tie: tie.id, selected: undefined })}
        type="button"
      >
        <span className="w-24 shrink-0 text-muted">{way}</span>
        <Name className="flex-1 font-medium" text={other?.name ?? "unknown"} />
        <span className={`text-xs ${tie.mutual ? "text-schema" : "text-tie"}`}>
          {kindName(tie.kind)}
        </span>
      </button>
    </li>
  );
}

function LooseRow({ strand }: { strand: Strand }) {
  return (
    <li className="flex items-center gap-2">
      <Name className="flex-1 font-mono text-xs" text={strand.edge.toPackage} />
      <EvidenceLink cursor={strand.fact.cursor} what={strand.edge.toPackage.slice(0, 80)} />
    </li>
  );
}

import { useQuery } from "@connectrpc/connect-query";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { NodeTrust } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { Link } from "@tanstack/react-router";
import { EvidenceLink } from "../../parts/evidence.tsx";
import { Section } from "../../parts/section.tsx";
import { troubleOf } from "../../parts/trouble.ts";
import { ScoreBadge } from "../learning/score-badge.tsx";
import { inputName, levelName, scoreText, shareText } from "../learning/score.ts";

/** How far the hub trusts the node, and what each part of that stands on. */
export function TrustSection({ node }: { node: Node }) {
  const { data, error } = useQuery(LearningService.method.explainTrust, { node: node.id });
  return (
    <Section title="Trust">
      {error !== null && <p className="text-sm text-muted">{troubleOf(error).text}</p>}
      {data && data.trust === undefined && (
        <p className="text-sm text-muted">Unknown: no cycle has judged it yet.</p>
      )}
      {data?.trust && <Trust trust={data.trust} />}
    </Section>
  );
}

function Trust({ trust }: { trust: NodeTrust }) {
  const { score, claimedScore, claimCursor } = trust;
  return (
    <>
      <div className="flex items-end justify-between gap-3 py-1">
        <ScoreBadge large score={score} />
        <span className="figures inline-flex items-center gap-1 text-xs text-muted">
          claims {claimedScore === undefined ? "nothing" : scoreText(claimedScore)} of itself
          {claimCursor > 0n && <EvidenceLink cursor={claimCursor} what="its own claim" />}
        </span>
      </div>
      <dl className="divide-y divide-line text-sm">
        {trust.inputs.map((input) => (
          <div className="flex min-h-8 items-center gap-3" key={input.kind}>
            <dt className="flex-1 text-muted">{inputName(input.kind)}</dt>
            <dd className="figures" title={input.detail}>
              {input.value === undefined ? "nothing to judge by" : shareText(input.value)}
            </dd>
            <dd className="w-7">
              {input.evidenceCursors[0] !== undefined && (
                <EvidenceLink cursor={input.evidenceCursors[0]} what={inputName(input.kind)} />
              )}
            </dd>
          </div>
        ))}
      </dl>
      <p className="mt-1.5 flex justify-between gap-3 text-xs text-muted">
        <span>level {levelName(trust.level)}</span>
        <Link className="text-accent underline" search={{ selected: trust.nodeId }} to="/learning">
          Why, with the formula
        </Link>
      </p>
    </>
  );
}

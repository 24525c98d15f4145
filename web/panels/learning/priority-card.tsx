import type {
  AgreedPriority,
  AgreedPriority_Contribution as Contribution,
} from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { Card } from "../../parts/card.tsx";
import { EvidenceLink } from "../../parts/evidence.tsx";
import { Icon } from "../../parts/icon.tsx";
import { countText } from "../../parts/measure.ts";
import { Meter } from "../../parts/meter.tsx";
import { Name } from "../../parts/name.tsx";
import { Empty } from "../../parts/note.tsx";
import { shareText } from "./score.ts";

const topicsMax = 24;
const contributionsMax = 20;

/** What the network agreed to pursue, and who moved it there. */
export function PriorityCard({ priorities }: { priorities: readonly AgreedPriority[] }) {
  return (
    <Card
      aside={<span className="text-xs text-muted">weighted by trust × confidence</span>}
      title="What the network agrees on"
    >
      {priorities.length === 0 ? (
        <Empty icon="trust" small title="No priorities yet">
          Instances tell what they work on, as their share of commits by folder. What they agree on
          appears here, with who contributed how much.
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {priorities.slice(0, topicsMax).map((priority) => (
            <Topic key={priority.topic} priority={priority} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Topic({ priority }: { priority: AgreedPriority }) {
  const { topic, weight, confidence, contributions } = priority;
  return (
    <li>
      <details className="group px-5 py-2.5 text-sm">
        <summary className="grid cursor-pointer grid-cols-[minmax(0,1fr)_10rem_4.5rem_7rem] items-center gap-4 marker:text-muted">
          <span className="flex min-w-0 items-center gap-2">
            <span className="text-muted transition-transform duration-quick group-open:rotate-90">
              <Icon name="right" size={12} />
            </span>
            <Name className="font-medium" text={topic} />
          </span>
          <Meter className="w-full" part={weight} />
          <span className="figures text-right">{shareText(weight)}</span>
          <span className="figures text-right text-xs text-muted">
            confidence {shareText(confidence)}
          </span>
        </summary>
        <ul className="mt-2 mb-1 rounded-lg border border-line bg-sunken px-3 py-1">
          {contributions.slice(0, contributionsMax).map((each) => (
            <ContributionRow contribution={each} key={each.nodeId} topic={topic} />
          ))}
          {contributions.length > contributionsMax && (
            <li className="py-1 text-xs text-muted">
              and {countText(contributions.length - contributionsMax)} more
            </li>
          )}
        </ul>
      </details>
    </li>
  );
}

function ContributionRow(props: { contribution: Contribution; topic: string }) {
  const { nodeName, weight, confidence, share, cursor } = props.contribution;
  return (
    <li className="figures flex items-center gap-3 py-0.5 text-xs">
      <Name className="flex-1" text={nodeName} />
      <span className="text-muted">
        told {shareText(weight)}, confidence {shareText(confidence)}
      </span>
      <span className="w-24 text-right">share {shareText(share)}</span>
      {cursor > 0n && (
        <EvidenceLink cursor={cursor} what={`what ${nodeName} told of ${props.topic}`} />
      )}
    </li>
  );
}

import { Icon } from "../../../parts/icon.tsx";
import { countText } from "../../../parts/measure.ts";
import { Name } from "../../../parts/name.tsx";
import { useLags } from "../../sync/lag-store.ts";
import type { Cluster } from "./clusters.ts";
import type { MarkLook } from "./mark-look.ts";
import { type ClusterWords, kindOf } from "./cluster-words.ts";

/** What the mark of a cluster shows. */
export interface ClusterMarkProps {
  readonly cluster: Cluster;
  readonly words: ClusterWords;
  readonly reachable: boolean;
  readonly dim: boolean;
  readonly onOpen: (key: string) => void;
  readonly onFocus: (key: string) => void;
}

/** Many nodes as one button; it opens by coming nearer. */
export function ClusterMark({ cluster, words, reachable, dim, ...acts }: ClusterMarkProps) {
  const { title, more, parts, worst } = words;
  return (
    <button
      className={`map-mark map-still flex h-[60px] w-[152px] flex-col justify-between rounded-xl border border-line bg-raised px-2.5 py-2 text-left shadow-card transition-shadow hover:border-line-strong hover:shadow-lift ${dim ? "opacity-35 focus-visible:opacity-100" : ""}`}
      data-cluster={cluster.key}
      onClick={() => acts.onOpen(cluster.key)}
      onFocus={() => acts.onFocus(cluster.key)}
      onPointerEnter={() => acts.onFocus(cluster.key)}
      tabIndex={reachable ? 0 : -1}
      type="button"
    >
      <span className="flex items-baseline gap-1.5">
        <Name className="text-xs font-semibold" text={title} />
        {more > 0 && <span className="figures shrink-0 text-2xs text-muted">+{more}</span>}
        <span className="figures ml-auto shrink-0 text-xs text-muted">
          {countText(cluster.nodes.length)}
          <span className="sr-only"> nodes</span>
        </span>
      </span>
      <Shares parts={parts} />
      <span className="flex items-center justify-between gap-1 text-2xs">
        <Worst look={worst.look} words={worst.words} />
        <Late cluster={cluster} />
      </span>
    </button>
  );
}

/** Drawn, not laid out: where the shares change with each heartbeat, no layout shifts for them. */
function Shares({ parts }: Pick<ClusterWords, "parts">) {
  const percent = (some: ClusterWords["parts"]) => `${(countOf(some) * 100) / countOf(parts)}%`;
  return (
    <svg aria-hidden="true" className="h-1 w-full rounded-full">
      {parts.map((part, at) => (
        <rect
          className={`${part.look.text} stroke-raised`}
          fill="currentColor"
          height="6"
          key={kindOf(part.look)}
          width={percent([part])}
          x={percent(parts.slice(0, at))}
          y="-1"
        />
      ))}
    </svg>
  );
}

function countOf(parts: ClusterWords["parts"]): number {
  return parts.reduce((sum, { count }) => sum + count, 0);
}

/** How many of them have copies that are late; nothing where none has. */
function Late({ cluster: { nodes } }: { cluster: Cluster }) {
  const { late } = useLags();
  const count = late.size === 0 ? 0 : nodes.filter(({ id }) => late.has(id)).length;
  if (count === 0) return null;
  return (
    <span className="figures flex items-center gap-1 text-degraded">
      <span className="sr-only">, sync is late at </span>
      <Icon name="sync" size={11} />
      {countText(count)}
    </span>
  );
}

function Worst({ look, words }: { look: MarkLook; words: string }) {
  return (
    <span className={`flex items-center gap-1 ${look.text}`}>
      <Icon name={look.icon} size={11} />
      {words}
    </span>
  );
}

import {
  type GraphSummary,
  GraphSummarySchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { Tag } from "../../parts/badge.tsx";
import { Facts } from "../../parts/card.tsx";
import { type Fact, messageOf } from "../../parts/fact.ts";
import { Icon } from "../../parts/icon.tsx";
import { countText, unknown } from "../../parts/measure.ts";
import { Words } from "../../parts/name.tsx";
import { EvidenceLink } from "../../parts/evidence.tsx";
import { Figure, NotTold, Section } from "../../parts/section.tsx";
import { Ago } from "../../parts/time.tsx";
import { LanguageBar, LanguageList } from "./languages.tsx";
import { latestOf, type Latest } from "./latest.ts";

/** What the node's folder holds, as it told. */
export function GraphSection({ latest, source }: { latest: Latest; source: string }) {
  const fact = latestOf(latest, source, "graph.summary.nodes");
  const graph = messageOf(fact, GraphSummarySchema);
  return (
    <Section fact={fact} title="Files">
      {fact === undefined || graph === undefined ? (
        <NotTold what="summary of its files" />
      ) : (
        <Graph fact={fact} graph={graph} />
      )}
    </Section>
  );
}

function Graph({ graph, fact }: { graph: GraphSummary; fact: Fact }) {
  return (
    <>
      {graph.languages.length > 0 && (
        <div className="py-2">
          <LanguageBar languages={graph.languages} />
          <LanguageList languages={graph.languages} />
        </div>
      )}
      <Facts>
        <Figure fact={fact} name="Files" value={countText(graph.files)} />
        <Figure fact={fact} name="Lines" value={countText(graph.lines)} />
        <LastCommit fact={fact} graph={graph} />
        {graph.leftOut.length > 0 && (
          <Figure fact={fact} name="Left out" value={graph.leftOut.slice(0, 8).join("; ")} />
        )}
      </Facts>
      {graph.tags.length > 0 && (
        <div className="mt-2 flex flex-wrap gap-1">
          {graph.tags.slice(0, 8).map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </div>
      )}
      {graph.shallow && (
        <p className="mt-2 flex items-start gap-2 text-xs text-degraded">
          <Icon name="warning" size={14} />A shallow clone: tags and dates may be missing.
        </p>
      )}
    </>
  );
}

function LastCommit({ graph, fact }: { graph: GraphSummary; fact: Fact }) {
  const commit = graph.lastCommit;
  if (commit === undefined) return <Figure fact={fact} name="Last commit" value={unknown} />;
  return (
    <div className="flex min-h-9 items-center gap-3 py-1.5">
      <dt className="w-32 shrink-0 self-start text-muted">Last commit</dt>
      <dd className="min-w-0 flex-1">
        <Words className="line-clamp-2!" text={commit.subject || "no subject"} />
        <span className="block text-xs text-muted">
          <code className="font-mono">{commit.hash.slice(0, 10)}</code> · <Ago at={commit.timeMs} />
        </span>
      </dd>
      <dd>
        <EvidenceLink cursor={fact.cursor} what="the last commit" />
      </dd>
    </div>
  );
}

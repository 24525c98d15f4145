import { useQuery } from "@connectrpc/connect-query";
import type { NodeTrust } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import {
  type ExplainTrustResponse,
  LearningService,
} from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { Link } from "@tanstack/react-router";
import { Command } from "../../parts/copy.tsx";
import { EvidenceLink } from "../../parts/evidence.tsx";
import { Loading } from "../../parts/loading.tsx";
import { clip } from "../../parts/measure.ts";
import { Name, Words } from "../../parts/name.tsx";
import { Empty, TroubleNote } from "../../parts/note.tsx";
import { Section } from "../../parts/section.tsx";
import { SidePanel } from "../../parts/side-panel.tsx";
import { Ago } from "../../parts/time.tsx";
import { InputList } from "./input-list.tsx";
import { LevelSection } from "./level-section.tsx";
import { ScoreBadge } from "./score-badge.tsx";
import { scoreText } from "./score.ts";

interface ExplanationPanelProps {
  readonly node: string;
  /** After which cycle; empty for the newest. */
  readonly cycleId: string;
  readonly onClose: () => void;
}

/** Why a node's score is what it is, down to the signed events. */
export function ExplanationPanel({ node, cycleId, onClose }: ExplanationPanelProps) {
  const answer = useQuery(LearningService.method.explainTrust, { node, cycleId });
  const name = answer.data?.trust?.nodeName ?? node;
  return (
    <SidePanel
      label={`Why ${clip(name, 80)} is trusted so far`}
      onClose={onClose}
      title={<Name text={name} />}
      wide
    >
      {answer.error !== null && (
        <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
      )}
      {answer.isPending && <Loading label="Asking why" lines={9} />}
      {answer.data && <Explanation answer={answer.data} node={node} />}
    </SidePanel>
  );
}

function Explanation({ answer, node }: { answer: ExplainTrustResponse; node: string }) {
  const { trust, cycle, formula } = answer;
  if (trust === undefined) {
    return (
      <Empty icon="trust" title="Not judged yet">
        The next cycle judges it for the first time.
      </Empty>
    );
  }
  return (
    <div className="flex flex-col gap-6">
      <Score trust={trust} />
      <Section title="How it was computed">
        <p className="mt-1 rounded-lg border border-line bg-sunken p-3 font-mono text-xs leading-5 wrap-anywhere">
          {formula || "no formula was told"}
        </p>
        {cycle && (
          <p className="mt-1.5 text-xs text-muted">
            in the cycle of <Ago at={cycle.endTime} />, over the log up to event{" "}
            {String(cycle.headCursor)}
          </p>
        )}
      </Section>
      <InputList inputs={trust.inputs} />
      <LevelSection trust={trust} />
      <Section title="On the command line">
        <div className="mt-1">
          <Command text={`npx foedus learning explain ${trust.nodeName || node}`} />
        </div>
      </Section>
      <Link
        className="text-sm text-accent underline"
        search={{ selected: trust.nodeId }}
        to="/node"
      >
        Show it on the map
      </Link>
    </div>
  );
}

function Score({ trust }: { trust: NodeTrust }) {
  const { claimedScore, claimCursor } = trust;
  return (
    <div className="flex items-start justify-between gap-4">
      <div>
        <p className="text-xs text-muted">Computed by the hub, of 100</p>
        <ScoreBadge large score={trust.score} />
        {trust.score === undefined && (
          <Words
            className="mt-1 text-sm text-muted"
            text="Fewer than three inputs had something to judge by."
          />
        )}
      </div>
      <div className="text-right">
        <p className="text-xs text-muted">Claims of itself</p>
        <p className="figures flex items-center justify-end gap-1 text-lg text-muted">
          {claimCursor > 0n && <EvidenceLink cursor={claimCursor} what="its own claim" />}
          {claimedScore === undefined ? "nothing" : scoreText(claimedScore)}
        </p>
        <p className="text-2xs text-muted">counts for nothing</p>
      </div>
    </div>
  );
}

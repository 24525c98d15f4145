import type { NodeTrust } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { memo } from "react";
import { Card } from "../../parts/card.tsx";
import { EvidenceLink } from "../../parts/evidence.tsx";
import { Loading } from "../../parts/loading.tsx";
import { countText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { useRows } from "../../parts/rows.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { ScoreBadge } from "./score-badge.tsx";
import { latencyText, levelName, scoreText } from "./score.ts";
import { useTrustView } from "./view.ts";

const columns: readonly Column[] = [
  { key: "name", title: "Node", sortable: true },
  { key: "score", title: "Score", width: 7, sortable: true, right: true },
  { key: "claimed", title: "Claims of itself", sortable: true, right: true },
  { key: "level", title: "Level", sortable: true },
  { key: "reputation", title: "Reputation", width: 7, sortable: true, right: true },
  { key: "latency", title: "Latency", width: 7, sortable: true, right: true },
];

interface TrustCardProps {
  readonly trust: readonly NodeTrust[];
  readonly error: Error | null;
  readonly pending: boolean;
}

/** Every node's standing; a row opens why. */
export function TrustCard({ trust, error, pending }: TrustCardProps) {
  const [view, change] = useTrustView();
  const { key, descending } = view.sort;
  const found = trust.filter(({ nodeName }) => nodeName.includes(view.words.toLowerCase().trim()));
  const { rows, more } = useRows(found);
  const sortBy = (next: string) =>
    change({ sort: next === key && !descending ? `-${next}` : next }, true);
  return (
    <Card aside={<Search all={trust.length} found={found.length} />} title="Nodes">
      {error !== null && (
        <div className="p-5">
          <TroubleNote error={error} />
        </div>
      )}
      {pending && <Loading label="Asking for the scores" lines={4} table />}
      {!pending && (
        <Table
          caption="Trust of each node"
          columns={columns}
          onSort={sortBy}
          sort={{ key, descending }}
        >
          {rows.map((each) => (
            <TrustRow
              key={each.nodeId}
              onSelect={(id) => change({ selected: id, cycle: undefined })}
              selected={each.nodeId === view.selected}
              trust={each}
            />
          ))}
        </Table>
      )}
      {more}
    </Card>
  );
}

/** Finds by name, and says how many of all are shown. */
function Search({ found, all }: { found: number; all: number }) {
  const [view, change] = useTrustView();
  return (
    <span className="flex items-center gap-3">
      <span aria-live="polite" className="figures text-xs text-muted">
        {found === all ? countText(all) : `Showing ${countText(found)} of ${countText(all)}`}
      </span>
      <SearchBox
        label="Find nodes"
        onChange={(q) => change({ q: q || undefined }, true)}
        value={view.words}
      />
    </span>
  );
}

interface TrustRowProps {
  readonly trust: NodeTrust;
  readonly selected: boolean;
  readonly onSelect: (id: string) => void;
}

const TrustRow = memo(
  function TrustRow({ trust, selected, onSelect }: TrustRowProps) {
    return (
      <tr className={`relative ${selected ? "bg-accent-ground" : "hover:bg-sunken"}`}>
        <Cell>
          <button
            aria-pressed={selected}
            className="block max-w-60 text-left font-medium text-accent after:absolute after:inset-0"
            onClick={() => onSelect(trust.nodeId)}
            type="button"
          >
            <Name text={trust.nodeName} />
          </button>
        </Cell>
        <Cell right>
          <ScoreBadge score={trust.score} />
        </Cell>
        <Cell right>
          <span className="inline-flex items-center gap-1 text-muted">
            {trust.claimCursor > 0n && (
              <span className="relative z-10">
                <EvidenceLink cursor={trust.claimCursor} what={`what ${trust.nodeName} claims`} />
              </span>
            )}
            {trust.claimedScore === undefined ? "nothing" : scoreText(trust.claimedScore)}
          </span>
        </Cell>
        <Cell>{levelName(trust.level)}</Cell>
        <Cell right>
          {trust.reputation === undefined ? "unknown" : trust.reputation.toFixed(3)}
        </Cell>
        <Cell right>{latencyText(trust.latencyMs)}</Cell>
      </tr>
    );
  },
  // The way to select never changes its meaning, only its identity.
  (before, now) => before.trust === now.trust && before.selected === now.selected,
);

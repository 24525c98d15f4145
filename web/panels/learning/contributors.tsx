import { Icon } from "../../parts/icon.tsx";
import { countText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { Ago } from "../../parts/time.tsx";
import { troubleOf } from "../../parts/trouble.ts";
import { useAllTrust } from "./all-trust.ts";
import { trustLook } from "./health.ts";
import { besideMedian, type HistoryPoint } from "./history.ts";
import { useTrustView } from "./view.ts";
import { type Contributor, contributorsOf, scoreText, shareText } from "./score.ts";

const shownMax = 12;

interface ContributorsProps {
  readonly name: string;
  readonly point: HistoryPoint;
  readonly newest: boolean;
  readonly onNewest: () => void;
}

/** What the pointer or the arrows are at: the figures of one cycle, and whose they are. */
export function Contributors({ name, point, newest, onNewest }: ContributorsProps) {
  return (
    <div className="border-t border-line px-5 py-3 text-sm">
      <div aria-live="polite" className="flex flex-wrap items-baseline gap-x-5 gap-y-1">
        <span className="text-muted">
          {newest ? "Newest cycle, " : "Cycle of "}
          <Ago at={point.endMs} />
        </span>
        <span className="figures">
          <span className="text-accent">{name}</span> {scoreText(point.score ?? undefined)}
        </span>
        <span className="figures">
          <span className="text-muted">median</span> {scoreText(point.median ?? undefined)}
        </span>
        <span className="text-muted">{besideMedian(point)}</span>
        {!newest && (
          <button className="ml-auto text-accent underline" onClick={onNewest} type="button">
            Show the newest
          </button>
        )}
      </div>
      <Whose cycleId={point.cycleId} newest={newest} />
    </div>
  );
}

/** Each contributor opens why it stood as it did in this very cycle. */
function Whose({ cycleId, newest }: { cycleId: string; newest: boolean }) {
  const [, change] = useTrustView();
  const list = useAllTrust({ cycleId });
  if (list.error !== null) {
    return <p className="mt-2 text-xs text-offline">{troubleOf(list.error).text}</p>;
  }
  const all = contributorsOf(list.data ?? []);
  const rest = all.length - shownMax;
  return (
    <div className="mt-2 min-h-14">
      <p className="text-xs text-muted">
        {list.data === undefined
          ? "Asking who contributed …"
          : `${countText(all.length)} contributed: score, and the part of the network's trust each weighs by`}
      </p>
      <ul className="mt-1.5 flex flex-wrap gap-1.5">
        {all.slice(0, shownMax).map((each) => (
          <Chip
            contributor={each}
            key={each.id}
            onOpen={() => change({ selected: each.id, cycle: newest ? undefined : cycleId })}
          />
        ))}
        {rest > 0 && (
          <li className="self-center text-xs text-muted">
            and {countText(rest)} more, lighter ones
          </li>
        )}
      </ul>
    </div>
  );
}

function Chip({ contributor, onOpen }: { contributor: Contributor; onOpen: () => void }) {
  const look = trustLook(contributor.score);
  return (
    <li>
      <button
        className="figures inline-flex h-7 max-w-60 items-center gap-1.5 rounded-md border border-line px-2 text-xs hover:border-accent hover:bg-accent-ground"
        onClick={onOpen}
        type="button"
      >
        <span className={look.text}>
          <Icon name={look.icon} size={12} />
        </span>
        <Name className="font-medium" text={contributor.name} />
        {scoreText(contributor.score)}
        <span className="shrink-0 text-muted">weighs {shareText(contributor.weight)}</span>
      </button>
    </li>
  );
}

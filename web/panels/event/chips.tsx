import { Icon } from "../../parts/icon.tsx";
import { clip } from "../../parts/measure.ts";
import { chipsOf, unfiltered } from "./chip.ts";
import { useSources } from "./sources.ts";
import { useEventView } from "./view.ts";

const wordMax = 60;

/** What is filtered by, each to be taken away by itself or all at once. */
export function Chips() {
  const [view, change] = useEventView();
  const sources = useSources();
  const names = new Map(
    sources?.flatMap(({ id, spiffeId, name }) => [
      [id, name],
      [spiffeId, name],
    ]),
  );
  const chips = chipsOf(view, names);
  if (chips.length === 0) return null;
  return (
    <>
      <ul aria-label="Filters" className="contents">
        {chips.map(({ word, remove }) => (
          <li className="flex min-w-0" key={word}>
            <button
              aria-label={`Remove the filter ${clip(word, wordMax)}`}
              className="inline-flex h-6 min-w-0 items-center gap-1.5 rounded-md bg-accent-ground pr-1.5 pl-2 text-xs font-medium text-accent hover:outline hover:outline-accent"
              onClick={() => change(remove)}
              title={clip(word, 400)}
              type="button"
            >
              <bdi className="truncate">{clip(word, wordMax)}</bdi>
              <Icon name="close" size={10} />
            </button>
          </li>
        ))}
      </ul>
      <button
        className="h-6 rounded-md px-2 text-xs text-muted underline decoration-dotted underline-offset-4 hover:text-ink"
        onClick={() => change(unfiltered)}
        type="button"
      >
        Clear all
      </button>
    </>
  );
}

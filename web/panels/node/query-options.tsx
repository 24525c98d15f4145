import type { Completion } from "./query-complete.ts";

interface QueryOptionsProps {
  readonly id: string;
  readonly offers: readonly Completion[];
  readonly active: number;
  readonly onTake: (offer: Completion) => void;
}

/** What can be typed next; the focus stays in the line above. */
export function QueryOptions({ id, offers, active, onTake }: QueryOptionsProps) {
  if (offers.length === 0) return null;
  return (
    <div
      aria-label="Ways to go on"
      className="absolute top-full left-0 z-30 mt-1 w-max max-w-[min(26rem,90vw)] min-w-full overflow-hidden rounded-xl border border-line bg-raised py-1 text-sm shadow-lift"
      id={id}
      role="listbox"
      tabIndex={-1}
    >
      {offers.map((offer, at) => (
        <div
          aria-selected={at === active}
          className="flex cursor-pointer items-baseline gap-4 px-3 py-1.5 hover:bg-sunken aria-selected:bg-accent-ground"
          id={`${id}-${at}`}
          key={offer.word}
          // Before the line loses the focus, which would close the list.
          onMouseDown={(event) => {
            event.preventDefault();
            onTake(offer);
          }}
          role="option"
          tabIndex={-1}
        >
          <bdi className="truncate font-mono text-xs text-ink">{offer.word}</bdi>
          <span className="ml-auto truncate text-xs text-muted">{offer.hint}</span>
        </div>
      ))}
    </div>
  );
}

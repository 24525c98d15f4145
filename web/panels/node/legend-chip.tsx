import { useId } from "react";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { countText } from "../../parts/measure.ts";
import type { Stand } from "./legend-choice.ts";

interface LegendChipProps {
  readonly word: string;
  readonly count: number;
  /** The most it can count: so wide is its place, and nothing moves when it changes. */
  readonly most: number;
  readonly stand: Stand;
  readonly icon?: IconName;
  /** The colours of what it stands for. */
  readonly look?: { readonly text: string; readonly ground: string; readonly border: string };
  readonly onOnly: () => void;
  /** Missing where it is never shown unless chosen. */
  readonly onNot?: () => void;
}

const plain = { text: "text-ink", ground: "bg-accent-ground", border: "border-accent" };
const stands: Readonly<Record<Stand, string>> = {
  only: "only these are shown",
  not: "not shown",
  shown: "shown",
  hidden: "not shown",
};

/** One entry of the legend: what it means, how many there are, and whether they are wanted. */
export function LegendChip(props: LegendChipProps) {
  const { word, count, most, stand, icon, look = plain, onOnly, onNot } = props;
  const standId = useId();
  const nodes = count === 1 ? "node" : "nodes";
  const frame = stand === "only" ? `${look.ground} ${look.border}` : "border-line";
  const faded = stand === "not" || stand === "hidden" ? "text-muted" : look.text;
  return (
    <li className={`group/chip flex h-7 items-center rounded-md border ${frame} hover:bg-sunken`}>
      <button
        aria-describedby={standId}
        aria-pressed={stand === "only"}
        className={`inline-flex h-full min-w-0 items-center gap-1.5 rounded-md pl-2 text-xs font-medium ${onNot ? "" : "pr-2"} ${faded}`}
        onClick={(event) => (event.altKey && onNot ? onNot() : onOnly())}
        title={onNot ? "Click: only these. Alt and click: not these." : "Click: only these."}
        type="button"
      >
        {icon && <Icon name={icon} size={13} />}
        <bdi className={`max-w-40 truncate ${stand === "not" ? "line-through" : ""}`}>{word}</bdi>
        <span className="figures text-right" style={{ minWidth: `${countText(most).length}ch` }}>
          {countText(count)}
        </span>
      </button>
      <span hidden id={standId}>
        {nodes}, {stands[stand]}
      </span>
      {onNot && (
        <button
          aria-label={`Not: ${word}`}
          aria-pressed={stand === "not"}
          className="grid h-full w-[24px] place-items-center rounded-md text-muted opacity-35 group-hover/chip:opacity-100 hover:text-ink focus-visible:opacity-100 aria-pressed:text-offline aria-pressed:opacity-100"
          onClick={onNot}
          title={`Not: ${word}`}
          type="button"
        >
          <Icon name="block" size={11} />
        </button>
      )}
    </li>
  );
}

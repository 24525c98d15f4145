import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { LegendChip } from "./legend-chip.tsx";
import { choiceIn, choiceText, standOf, withNot, withOnly } from "./legend-choice.ts";
import { lookOf, shownStates } from "./state.ts";
import { useNodeView } from "./view.ts";

interface LegendProps {
  readonly all: readonly Node[];
  /** How many match the question, by state. */
  readonly counts: ReadonlyMap<NodeState, number>;
}

/** What the colours and shapes mean; it is also the filter by state. */
export function Legend({ all, counts }: LegendProps) {
  const [view, change] = useNodeView();
  const wanted = choiceIn(view.filter.states);
  return (
    <ul aria-label="States" className="flex flex-wrap gap-1">
      {shownStates.map((state) => {
        const look = lookOf(state);
        // Those who left are shown only where they are asked for.
        const isOld = state === NodeState.RETIRED;
        const stand = standOf(wanted, look.slug);
        return (
          <LegendChip
            count={counts.get(state) ?? 0}
            icon={look.icon}
            key={look.slug}
            // Any of them may come to stand so: a count that grows moves nothing.
            most={all.length}
            look={look}
            onOnly={() => change({ state: choiceText(withOnly(wanted, look.slug)) })}
            {...(!isOld && {
              onNot: () => change({ state: choiceText(withNot(wanted, look.slug)) }),
            })}
            stand={isOld && stand === "shown" ? "hidden" : stand}
            word={look.word}
          />
        );
      })}
    </ul>
  );
}

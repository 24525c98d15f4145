import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Link } from "@tanstack/react-router";
import { Button } from "../../parts/button.tsx";
import { countText } from "../../parts/measure.ts";
import { Empty } from "../../parts/note.tsx";
import type { Filtered } from "./filter.ts";
import { useNodeView } from "./view.ts";

/** A hub that nobody joined yet. */
export function NoNodes() {
  return (
    <Empty
      command="npx foedus instance run --project ."
      icon="map"
      title="No node has joined this hub yet"
    >
      A node is a process with its own certificate. Run one for any folder with the command below,
      or{" "}
      <Link className="text-accent underline" to="/identity">
        make a join token
      </Link>{" "}
      for another machine. It appears here by itself.
    </Empty>
  );
}

/** Nothing is shown: why, and the one click that ends it. */
export function NothingFound({ filtered: { counts } }: { filtered: Filtered }) {
  const [{ filter }, change] = useNodeView();
  const retired = counts.get(NodeState.RETIRED) ?? 0;
  const matching = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const asksWords = filter.words !== "";
  const asksStates = filter.states.length > 0;
  return (
    <div className="m-auto pb-10 text-center">
      <Empty
        icon="search"
        title={matching === 0 ? "No node matches the search" : "No node is shown"}
      >
        {whyNothing(matching, retired)}
      </Empty>
      <div className="flex flex-wrap justify-center gap-2">
        {retired > 0 && !filter.states.includes("retired") && (
          <Button onClick={() => change({ state: "retired" })}>
            Show {countText(retired)} retired
          </Button>
        )}
        {asksStates && matching > retired && (
          <Button onClick={() => change({ state: undefined })}>Show all states</Button>
        )}
        {asksWords && <Button onClick={() => change({ q: undefined })}>Clear the search</Button>}
        {asksStates && matching === 0 && (
          <Button onClick={() => change({ q: undefined, state: undefined })}>
            Clear the filter
          </Button>
        )}
      </div>
    </div>
  );
}

function whyNothing(matching: number, retired: number): string {
  if (matching === 0) return "Nothing that a node tells fits, nor that of a retired one.";
  const nodes = matching === 1 ? "One node fits" : `${countText(matching)} nodes fit`;
  const are = matching === 1 ? "it is" : "they are";
  if (matching === retired) return `${nodes}, but ${are} retired.`;
  return `${nodes}, but the legend above leaves out the state ${are} in.`;
}

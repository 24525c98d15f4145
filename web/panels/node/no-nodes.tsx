import { Link } from "@tanstack/react-router";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/note.tsx";
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

/** A filter that lets nothing through. */
export function NothingFound() {
  const [, change] = useNodeView();
  return (
    <div className="m-auto text-center">
      <Empty icon="search" title="No node matches the filter">
        Retired nodes are shown only when their state is chosen.
      </Empty>
      <Button onClick={() => change({ q: undefined, state: undefined })}>Clear the filter</Button>
    </div>
  );
}

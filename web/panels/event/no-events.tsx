import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/note.tsx";
import { unfiltered } from "./chip.ts";
import { useEventView } from "./view.ts";

/** A log without events, or a filter that none passed. */
export function NoEvents() {
  const [view, change] = useEventView();
  const { types, except, sources, subject, words, since, until } = view;
  const lists = [...types, ...except, ...sources];
  const filtered =
    lists.length > 0 || words !== "" || [subject, since, until].some((word) => word !== undefined);
  return filtered ? (
    <Empty icon="search" title="No event matches the filter">
      <p>
        None in the part of the log that was looked through. New ones appear here by themselves.
      </p>
      <div className="mt-4">
        <Button onClick={() => change(unfiltered)}>Clear all filters</Button>
      </div>
    </Empty>
  ) : (
    <Empty
      command='npx foedus event request --reason "a first look"'
      icon="event"
      title="Nothing was told yet"
    >
      Nodes tell signed events: their presence, health, files and telemetry. Run a node, and they
      appear here by themselves. The command lets the hub tell the first one: it asks every instance
      for a fresh summary.
    </Empty>
  );
}

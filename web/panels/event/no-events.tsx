import { Empty } from "../../parts/note.tsx";

/** A log without events, or a filter that none passed. */
export function NoEvents({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty icon="search" title="No event matches the filter">
      None in the part of the log that was looked through. New ones appear here by themselves.
    </Empty>
  ) : (
    <Empty command="npx foedus event tail" icon="event" title="Nothing was told yet">
      Nodes tell signed events: their presence, health, files and telemetry. Run a node, and they
      appear here by themselves. The command shows the same in a terminal.
    </Empty>
  );
}

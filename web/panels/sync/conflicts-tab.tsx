import type { Conflict } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { type RefObject, useEffect, useRef, useState } from "react";
import { SelectField } from "../../parts/field.tsx";
import { countText } from "../../parts/measure.ts";
import { Empty } from "../../parts/note.tsx";
import { Paged } from "../../parts/paged.tsx";
import { useConflicts } from "./all-conflicts.ts";
import { conflictsCommand } from "./as-cli.ts";
import { ConflictItem } from "./conflict-item.tsx";
import { stepBetween } from "./conflict-keys.ts";
import { streamIn, streamKey, streamName, streamPlace } from "./stream-key.ts";
import type { Streams } from "./streams.ts";
import { useSyncView } from "./view.ts";
import { conflictKey } from "./wording.ts";

/** Fields that hold concurrent values, and the ways to put one in their place. */
export function ConflictsTab({ streams }: { streams: Streams }) {
  const [{ stream }] = useSyncView();
  const { list, shown } = useConflicts(stream, streams);
  const [said, setSaid] = useState("");
  const frame = useRef<HTMLDivElement>(null);
  const onGone = useNextInLine(frame, shown);
  return (
    <div
      className="scrolls min-h-0 flex-1 p-5"
      onKeyDown={(event) => stepBetween(event, frame.current)}
      ref={frame}
      role="presentation"
    >
      <div className="mb-4 flex max-w-[90rem] flex-wrap items-center justify-between gap-3">
        <div className="w-72">
          <StreamChoice streams={streams} />
        </div>
        <p className="min-h-5 text-sm text-online" role="status">
          {said}
        </p>
      </div>
      <div className="max-w-[90rem]">
        <Paged label="Asking for the conflicts" list={list} shown={shown.length}>
          {shown.length === 0 && <NoConflicts />}
          <ul aria-label="Conflicts" className="flex flex-col gap-4">
            {shown.map((conflict) => (
              <li key={conflictKey(conflict)}>
                <ConflictItem
                  conflict={conflict}
                  onResolved={(words) => {
                    setSaid(words);
                    onGone(conflictKey(conflict));
                  }}
                />
              </li>
            ))}
          </ul>
        </Paged>
      </div>
    </div>
  );
}

/** All streams, or those that hold conflicts one by one. */
function StreamChoice({ streams }: { streams: Streams }) {
  const [{ stream }, change] = useSyncView();
  const chosen = stream === undefined ? "" : streamKey(stream);
  const keys = new Set<string>();
  let all = 0;
  for (const { key, status } of streams.rows.values()) {
    if (status.conflicts > 0) keys.add(key);
    all += status.conflicts;
  }
  if (chosen !== "") keys.add(chosen);
  const options = [...keys].toSorted().map((key) => ({ value: key, word: wordOf(key, streams) }));
  return (
    <SelectField
      hideLabel
      label="Conflicts of which stream"
      onChange={(key) => change({ stream: key || undefined })}
      options={[{ value: "", word: `All streams: ${countText(all)}` }, ...options]}
      value={chosen}
    />
  );
}

function wordOf(key: string, { rows }: Streams): string {
  const stream = streamIn(key);
  const count = rows.get(key)?.status.conflicts ?? 0;
  const name = stream === undefined ? key : `${streamName(stream)}, ${streamPlace(stream)}`;
  return `${name}: ${countText(count)}`;
}

function NoConflicts() {
  const [{ stream }] = useSyncView();
  return (
    <Empty command={conflictsCommand(stream)} icon="check" title="No field is in conflict">
      Two replicas that write to one field without knowledge of each other make a conflict. One
      value is shown at once, by a rule that is the same everywhere, and the others wait here until
      somebody keeps one.
    </Empty>
  );
}

/** Whoever resolved one by the keyboard goes on with the one that takes its place. */
function useNextInLine(frame: RefObject<HTMLElement | null>, shown: readonly Conflict[]) {
  const resolved = useRef<{ readonly key: string; readonly place: number }>(undefined);
  useEffect(() => {
    if (resolved.current === undefined) return;
    const { key, place } = resolved.current;
    if (shown.some((each) => conflictKey(each) === key)) return;
    resolved.current = undefined;
    if (document.activeElement !== document.body) return;
    const all = placesIn(frame.current);
    (all[Math.min(place, all.length - 1)] ?? document.querySelector("main"))?.focus();
  }, [frame, shown]);
  return (key: string) => {
    const place = placesIn(frame.current).findIndex((each) => each.dataset["conflict"] === key);
    resolved.current = { key, place };
  };
}

function placesIn(frame: HTMLElement | null): readonly HTMLElement[] {
  return [...(frame?.querySelectorAll<HTMLElement>("[data-conflict]") ?? [])];
}

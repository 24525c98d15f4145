import { Button } from "../../parts/button.tsx";
import { localTime } from "../../parts/clock.ts";
import { countText } from "../../parts/measure.ts";
import type { Log } from "./log.ts";
import { useEventView } from "./view.ts";

const factor = 10;

/** How far back this goes, what was looked for only in there, and a way further back. */
export function EventFoot({ log }: { log: Log }) {
  const [{ depth, words, since, until }, change] = useEventView();
  const { cursor: head = 0n } = log;
  if (!log.caughtUp) return null;
  if (head <= BigInt(depth)) {
    return (
      <footer className={`${shape} py-3`}>
        This is the whole log: {head === 0n ? "nothing yet" : `${countText(head)} places`}.
      </footer>
    );
  }
  const narrow = words.trim() !== "" || since !== undefined || until !== undefined;
  return (
    <footer className={`${shape} flex items-center gap-3 py-1.5`}>
      <span className="flex-1">
        Looked through the newest {countText(depth)} places of the log{backTo(log)}.
        {narrow && " Words and times are looked for in these, by this page."}
      </span>
      <Button onClick={() => change({ depth: String(depth * factor) })} tone="quiet">
        Look further back
      </Button>
    </footer>
  );
}

const shape = "mt-auto shrink-0 border-t border-line bg-surface px-5 text-xs text-muted";

/** When the oldest event of the rows was stored. */
function backTo({ rows }: Log): string {
  const oldest = rows.find((row) => row.case === "fact");
  return oldest === undefined ? "" : `, back to ${localTime(oldest.fact.receivedMs, "full")}`;
}

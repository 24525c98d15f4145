import type { CellName, Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { shellWord } from "../../parts/shell-word.ts";
import { streamIn, streamKey } from "./stream-key.ts";
import { type SyncSearch, syncViewIn } from "./view.ts";

/** The command that tells how a stream stands; without one, how all do. */
export function statusCommand(stream?: Stream): string {
  return line("status", ...(stream === undefined ? [] : [streamKey(stream)]));
}

/** The command that lists the conflicts of a stream, or all of them. */
export function conflictsCommand(stream?: Stream): string {
  return line("conflicts", "list", ...(stream === undefined ? [] : [streamKey(stream)]));
}

/** The command that shows all values of a field, and why one of them is shown. */
export function explainCommand(stream: Stream, { record, field }: CellName): string {
  const place = field === "" ? [record] : [record, field];
  return line("conflicts", "explain", streamKey(stream), ...place);
}

/** The command that counts a stream anew. */
export function digestCommand(stream: Stream): string {
  return line("digest", streamKey(stream), "--recount");
}

/** The command that shows what the page shows. */
export function syncCommand(search: SyncSearch): string {
  const { tab, stream, selected } = syncViewIn(search);
  if (tab === "conflicts") return conflictsCommand(stream);
  return tab === "rules" ? line("grants") : statusCommand(streamIn(selected));
}

function line(...words: readonly string[]): string {
  return ["npx", "foedus", "sync", ...words.map(shellWord)].join(" ");
}

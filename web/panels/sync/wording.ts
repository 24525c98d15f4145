import type { Contender, Conflict } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { type Dot, Kind } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { plain } from "../../parts/plain-text.ts";
import { streamKey } from "./stream-key.ts";

const kinds: Readonly<Record<Kind, string>> = {
  [Kind.UNSPECIFIED]: "unknown kind",
  [Kind.APPEND]: "rows that are only added",
  [Kind.REG_LWW]: "the last write is shown",
  [Kind.REG_MV]: "all values are shown",
  [Kind.ORMAP]: "element of a set or map",
  [Kind.COUNTER]: "sum",
  [Kind.MAXREG]: "greatest value",
};

/** How the values of a field merge, in a few words. */
export function kindWord(kind: Kind): string {
  return kinds[kind] ?? "unknown kind";
}

/** The name of an op, as the command line writes it. */
export function dotText(dot: Dot | undefined): string {
  return dot === undefined ? "" : `${dot.replica}:${dot.ctr}`;
}

/** Who wrote a value; where no hub knows whose replica it is, the replica. */
export function authorText({ author, authorId, sibling }: Contender): string {
  return author || authorId || `replica ${sibling?.dot?.replica ?? "unknown"}`;
}

/** A conflict as the key of a list: it stays while its values change. */
export function conflictKey({ stream, name }: Conflict): string {
  const where = stream === undefined ? "" : streamKey(stream);
  return JSON.stringify([where, name?.record ?? "", name?.field ?? ""]);
}

/** The values that were seen, in one word: another value makes it another decision. */
export function seenText({ contenders }: Conflict): string {
  return contenders.map(({ sibling }) => dotText(sibling?.dot)).join(" ");
}

/** The field as people call it; a record without a field is called by itself. */
export function cellText({ name }: Conflict): string {
  const record = plain(name?.record ?? "");
  const field = plain(name?.field ?? "");
  if (record === "") return field || "unnamed";
  return field === "" ? record : `${record} · ${field}`;
}

import { Kind, Refusal, type CellName } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { PeerKind, type Follower } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { refusalText } from "@foedus/kernel/sync/refusal.ts";
import { bad, dim, good, warn, type Piece } from "../paint.ts";
import { counted } from "../words/plural.ts";
import { spanText } from "../words/span.ts";

const kinds: Readonly<Record<Kind, string>> = {
  [Kind.UNSPECIFIED]: "unknown",
  [Kind.APPEND]: "rows that are only added",
  [Kind.REG_LWW]: "one value: the latest",
  [Kind.REG_MV]: "all values, until one replaces them",
  [Kind.ORMAP]: "an element of a set or map",
  [Kind.COUNTER]: "a sum",
  [Kind.MAXREG]: "the greatest value",
};

/** How the values of a field are merged. */
export function kindText(kind: Kind): string {
  return kinds[kind] ?? "unknown";
}

/** Who follows a stream. */
export function followerText({ id, name, kind }: Follower): string {
  if (kind === PeerKind.PARENT) return name === "" ? "the hub above" : `${name}, the hub above`;
  return kind === PeerKind.CHILD ? `${name || id}, a hub below` : name || id;
}

/** How far behind somebody is, in places and in time. */
export function lagText({ lagOps, lagMs, refusal, connected }: Follower): Piece {
  if (refusal !== Refusal.UNSPECIFIED) return bad(`gets nothing: ${refusalText(refusal)}`);
  const behind = lagOps === 0 ? "" : counted(lagOps, "op");
  const since = lagMs > 0n ? `, ${spanText(Number(lagMs))}` : "";
  if (!connected) return warn(behind === "" ? "away" : `away, ${behind}${since}`);
  return behind === "" ? good("none") : warn(`${behind}${since}`);
}

const hexDigits = 12;

/** A digest as twelve hex digits in three groups, so that two are compared by eye. */
export function digestText(digest: number): string {
  const hex = digest.toString(16).padStart(hexDigits, "0");
  return hex.replace(/(....)(?=.)/gu, "$1-");
}

/** A field as people name it: a record alone is one whose field has no name. */
export function nameText({ record, field }: Pick<CellName, "record" | "field">): string {
  return field === "" ? record : `${record} ${field}`;
}

const textMax = 60;
const bytesShown = 24;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** What a field holds, on one line: text as it is, else how much it is and how it begins. */
export function valueText(body: Uint8Array): Piece {
  if (body.length === 0) return dim("empty");
  try {
    const text = utf8.decode(body);
    return text.length > textMax ? `${text.slice(0, textMax)}…` : text;
  } catch {
    const hex = Buffer.from(body.subarray(0, bytesShown)).toString("hex");
    return `${counted(body.length, "byte")}: ${hex}${body.length > bytesShown ? "…" : ""}`;
  }
}

import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { CellNameSchema, Kind } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Cell, Sibling, Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import {
  ConflictSchema,
  ContenderSchema,
  type Conflict,
  type Contender,
} from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { dotIn } from "@foedus/kernel/sync/cell.ts";
import { dotKey } from "@foedus/kernel/sync/dot.ts";
import { opOf } from "@foedus/kernel/sync/op.ts";
import { latest, losers } from "@foedus/kernel/sync/value.ts";
import { utcText } from "@foedus/kernel/time.ts";

/** Who writes as a replica. */
export interface Author {
  readonly id: string;
  readonly name: string;
}

/** Of a replica nobody opened a session with here, e.g. one of another hub. */
const nobody: Author = { id: "", name: "" };

/** A field with concurrent values, as people see it; undefined for one that has none. */
export function conflictOf(
  stream: Stream,
  cell: Cell,
  authors: ReadonlyMap<string, Author>,
): Conflict | undefined {
  const shown = latest(cell);
  if (shown === undefined || cell.siblings.length < 2) return undefined;
  const { kind } = opOf(shown.op);
  const isAll = kind === Kind.REG_MV;
  const contenders = [shown, ...losers(cell)].map((sibling) =>
    contenderOf(sibling, authors, isAll || sibling === shown),
  );
  const { record, field } = cell;
  const name = create(CellNameSchema, { record, field });
  return create(ConflictSchema, { stream, name, kind, contenders, why: whyOf(kind, contenders) });
}

function contenderOf(
  sibling: Sibling,
  authors: ReadonlyMap<string, Author>,
  shown: boolean,
): Contender {
  const author = authors.get(dotIn(sibling).replica) ?? nobody;
  const writeTime = timestampFromMs(Math.floor(opOf(sibling.op).hlcMs));
  return create(ContenderSchema, {
    sibling,
    authorId: author.id,
    author: author.name,
    writeTime,
    shown,
  });
}

/** Why the first of them is shown, in one sentence. */
export function whyOf(kind: Kind, contenders: readonly Contender[]): string {
  const many = `${contenders.length} values written without knowledge of each other`;
  const said = contenders.map((each) => `${timeOf(each)} by ${authorOf(each)}`);
  if (kind === Kind.REG_MV) {
    return `All of ${many} are shown until one replaces them: ${listed(said)}.`;
  }
  const [first = "", ...others] = said;
  const [shown, second] = contenders;
  if (shown !== undefined && second !== undefined && hlcOf(shown) === hlcOf(second)) {
    const rule = "the latest by hybrid time is shown, of equal ones the one whose name sorts last";
    return `Of ${many} ${rule}: ${first} (${nameOf(shown)}), against ${listed(others)}.`;
  }
  const which = contenders.length === 2 ? "later" : "latest";
  return `Of ${many} the ${which} by hybrid time is shown: ${first}, against ${listed(others)}.`;
}

const namedMax = 4;

function listed(said: readonly string[]): string {
  const named = said.slice(0, namedMax);
  const rest = said.length - named.length;
  return [...named, ...(rest === 0 ? [] : [`${rest} more`])].join(" and ");
}

const ticksPerMs = 1024;
const clockFrom = "2026-11-21T".length;

/** "14:03:22.101", and the ticks of the hybrid clock within that millisecond, if any. */
function timeOf(contender: Contender): string {
  const hlcMs = hlcOf(contender);
  const whole = Math.floor(hlcMs);
  const ticks = Math.round((hlcMs - whole) * ticksPerMs);
  const text = utcText(whole).slice(clockFrom, -1);
  return ticks === 0 ? text : `${text}+${ticks}`;
}

function authorOf({ author, authorId, sibling }: Contender): string {
  return author || authorId || `replica ${sibling?.dot?.replica ?? ""}`;
}

function nameOf({ sibling }: Contender): string {
  return sibling === undefined ? "" : dotKey(dotIn(sibling));
}

function hlcOf({ sibling }: Contender): number {
  return sibling === undefined ? 0 : opOf(sibling.op).hlcMs;
}

import { Kind } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotKey, dotOf } from "@foedus/kernel/sync/dot.ts";
import type { Wish } from "@foedus/kernel/sync/spoke.state.ts";
import { linked } from "../signals.ts";
import type { Codec } from "./codec.ts";
import type { CollectionOptions } from "./collection.options.ts";
import type { Collection } from "./collection.ts";
import { refusedOf, takenBack } from "./quarantine.ts";
import type { Looks } from "./looks.ts";
import type { Replica } from "./replica.ts";
import { isSettled } from "./settled.ts";
import { drainingOf } from "./settling.ts";
import type { Shelf } from "./shelf.ts";
import { conflictOf, isContended, rowOf, type Conflict, type Row } from "./shown.ts";
import type { Change } from "./watch.ts";
import { addWish, amountWish, invalid, putWish, removeWish } from "./writing.ts";

/** How many fields one write may have. */
const wishesMax = 256;

/** What a collection works with. */
export interface CollectionParts {
  readonly replica: Replica;
  readonly shelf: Shelf;
  readonly looks: Looks;
  /** Waits, or throws, where the outbox has no room for so many bytes; undefined where it has. */
  readonly room: (bytes: number, signal?: AbortSignal) => Promise<void> | undefined;
}

type Wanted<Value> = CollectionOptions<Value> & { readonly codec: Codec<Value> };

/** One stream, as programs see it. */
export function collectionOf<Value>(
  parts: CollectionParts,
  options: Wanted<Value>,
): Collection<Value> {
  const { shelf, looks, replica } = parts;
  const { view, standing } = shelf;
  return {
    ...writersOf(parts, options),
    get: (record) => rowOf(record, view.cellsOf(record), options.codec),
    list: ({ prefix = "" } = {}) => rowsOf(shelf, prefix, options.codec),
    watch: (signal) => watched(parts, options.codec, signal),
    conflicts: () => conflictsIn(shelf, options.codec),
    quarantine: () => refusedOf(shelf.hold, options.codec),
    takeBack: (id) => takenBack(replica, shelf, id),
    status: () => standing.status(),
    async settled(level = "hub", signal) {
      const { ctr } = shelf.hold;
      const author = replica.state.replica;
      using either = linked(replica.signal, signal);
      const holds = () => {
        const { replica: now } = replica.state;
        // Under a new key all that waits has new numbers.
        return isSettled(shelf.hold, now, now === author ? ctr : shelf.hold.ctr, level);
      };
      await looks.until(holds, either.signal);
    },
    draining: (signal) => drainingOf(parts, signal),
  };
}

type Writers =
  | "put"
  | "add"
  | "increment"
  | "raise"
  | "addTo"
  | "removeFrom"
  | "remove"
  | "resolve";

function writersOf<Value>(
  parts: CollectionParts,
  { codec, kinds = {}, schemaRevision }: Wanted<Value>,
): Pick<Collection<Value>, Writers> {
  const { shelf } = parts;
  const { view } = shelf;
  const write = (make: () => readonly (Wish | undefined)[], signal?: AbortSignal) => {
    const wishes = () => make().filter((wish) => wish !== undefined);
    return written(parts, () => wishes().map((wish) => ({ ...wish, schemaRevision })), signal);
  };
  const kindOf = (field: string) => (kinds[field] === "multi" ? Kind.REG_MV : Kind.REG_LWW);
  const put = (record: string, field: string, value: Value, kind = kindOf(field)) =>
    putWish(record, field, view.cell(record, field), { body: codec.encode(value), kind });
  const removing = async (record: string, field?: string) => {
    const cells = () => view.cellsOf(record).filter((cell) => cell.field === (field ?? cell.field));
    await write(() => cells().map(removeWish));
  };
  const amount = async (record: string, field: string, kind: Kind, by: number) => {
    await write(() => [amountWish(record, field, kind, by)]);
  };
  return {
    async put(record, fields, signal) {
      const named = Object.entries(fields);
      await write(() => named.map(([field, value]) => put(record, field, value)), signal);
    },
    async add(value, signal) {
      const ctr = await write(() => [addWish(codec.encode(value))], signal);
      return dotKey(dotOf(parts.replica.state.replica, ctr));
    },
    increment: (record, field, by = 1) => amount(record, field, Kind.COUNTER, by),
    raise: (record, field, to) => amount(record, field, Kind.MAXREG, to),
    async addTo(record, element, value) {
      await write(() => [put(record, element, value, Kind.ORMAP)]);
    },
    removeFrom: removing,
    remove: removing,
    async resolve(record, field, value) {
      await write(() => [put(record, field, value)]);
    },
  };
}

/**
 * In the order of the calls, and seen when the call returns; in one go, so that all of it reaches
 * the disk together. Resolves then, with the number of the last.
 */
async function written(
  { replica, shelf, room }: CollectionParts,
  make: () => readonly Wish[],
  signal?: AbortSignal,
): Promise<number> {
  replica.signal.throwIfAborted();
  signal?.throwIfAborted();
  let wishes = make();
  if (wishes.length > wishesMax) throw invalid("a write", `more than ${wishesMax} fields at once`);
  const waiting = room(
    wishes.reduce((sum, { body }) => sum + (body?.length ?? 0), 0),
    signal,
  );
  if (waiting !== undefined) {
    await waiting;
    wishes = make();
  }
  for (const wish of wishes) replica.step({ type: "write", stream: shelf.hold.stream, wish });
  const { ctr } = shelf.hold;
  await replica.saved();
  return ctr;
}

function rowsOf<Value>({ view }: Shelf, prefix: string, codec: Codec<Value>): Row<Value>[] {
  return [...view.names()]
    .filter((record) => record.startsWith(prefix))
    .toSorted()
    .map((record) => rowOf(record, view.cellsOf(record), codec))
    .filter((row) => row !== undefined);
}

function conflictsIn<Value>({ view }: Shelf, codec: Codec<Value>): Conflict<Value>[] {
  return [...view.names()]
    .toSorted()
    .flatMap((record) => view.cellsOf(record).filter(isContended))
    .map((cell) => conflictOf(cell, codec));
}

/** Begins to note changes when it is called, not when it is first read. */
function watched<Value>(
  { replica, shelf }: CollectionParts,
  codec: Codec<Value>,
  signal?: AbortSignal,
): AsyncGenerator<Change<Row<Value>>, void, void> {
  const both = linked(replica.signal, signal);
  const records = shelf.changes(both.signal);
  return (async function* read() {
    try {
      for await (const record of records) {
        yield { record, row: rowOf(record, shelf.view.cellsOf(record), codec) };
      }
    } finally {
      both.abort();
      both[Symbol.dispose]();
    }
  })();
}

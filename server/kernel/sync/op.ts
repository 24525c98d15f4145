import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  Kind,
  OpSchema,
  type Dot,
  type Op,
  type Stream,
} from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { dotKey } from "./dot.ts";

/** The largest value. */
export const bodyBytesMax = 65_536;

/** How long a record's and a field's name may be, in units of UTF-16. */
export const nameUnitsMax = 256;

/** How long a replica's key may be, in the same. */
export const replicaUnitsMax = 64;

/** How many concurrent values one op may supersede. */
export const supersedesMax = 64;

/** How far from zero an amount may be, so that sums stay exact. */
export const amountMax = 2 ** 40;

/**
 * How far from zero a hub lets a sum go: half of what 64 bits hold, for what others add meanwhile.
 */
export const sumMax = 2n ** 62n;

/** Constructs what it is handed: a class that extends it puts its private fields into that. */
const Itself = function itself(other: object): object {
  return other;
} as unknown as new (other: object) => object;

/**
 * What an array of bytes was read as, in a private field of the array itself: nobody else sees it,
 * and it goes when the array does. A WeakMap does the same; the garbage collector then takes longer
 * over it than a hub over all else that it does with an op.
 */
class Reading extends Itself {
  readonly #op: Op;
  /** The key of the cell it writes to, unless that depends on its dot. */
  #key = "";

  constructor(bytes: Uint8Array, op: Op) {
    super(bytes);
    this.#op = op;
  }

  static opOf(bytes: object): Op | undefined {
    return #op in bytes ? bytes.#op : undefined;
  }

  static keyOf(bytes: object, op: Op): string {
    if (!(#op in bytes)) return cellKey(op);
    if (bytes.#key === "") bytes.#key = cellKey(op);
    return bytes.#key;
  }
}

/** An op as its author's bytes. */
export function encodeOp(op: MessageInitShape<typeof OpSchema>): Uint8Array {
  return toBinary(OpSchema, create(OpSchema, op));
}

/** What the bytes of an op say; throws when they are none. Each array is read once. */
export function opOf(bytes: Uint8Array): Op {
  const known = Reading.opOf(bytes);
  if (known !== undefined) return known;
  const op = fromBinary(OpSchema, bytes);
  void new Reading(bytes, op);
  return op;
}

/** Where an op writes; rows that are only added have no name but their dot. */
export function placeOf(dot: Dot, op: Op): { record: string; field: string } {
  if (isUnnamed(op)) return { record: dotKey(dot), field: "" };
  return { record: op.record, field: op.field };
}

/** The key of the cell that an op writes to; throws when the bytes are none. */
export function keyOf(dot: Dot, bytes: Uint8Array): string {
  const op = opOf(bytes);
  return isUnnamed(op) ? cellKey(placeOf(dot, op)) : Reading.keyOf(bytes, op);
}

function isUnnamed({ kind, record }: Op): boolean {
  return kind === Kind.APPEND && record === "";
}

/** A cell as the key of a map. */
export function cellKey({ record, field }: { record: string; field: string }): string {
  return `${record}\u0000${field}`;
}

/** A stream of a tenant as the key of a map; the tenant is the session's, never a frame's. */
export function streamKey(tenant: string, { collection, partition, zone, lane }: Stream): string {
  const { last } = named;
  const isLast =
    last.tenant === tenant &&
    last.collection === collection &&
    last.partition === partition &&
    last.zone === zone &&
    last.lane === lane;
  if (isLast) return last.key;
  const key = `${tenant}/${collection}/${partition}/${zone}/${lane}`;
  named.last = { tenant, collection, partition, zone, lane, key };
  return key;
}

/** Each frame names its stream several times, and a hundred who follow one acknowledge in a row. */
const named = {
  last: { tenant: "", collection: "", partition: "", zone: "", lane: 0, key: "////0" },
};

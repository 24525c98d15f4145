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

const decoded = new WeakMap<Uint8Array, Op>();

/** An op as its author's bytes. */
export function encodeOp(op: MessageInitShape<typeof OpSchema>): Uint8Array {
  return toBinary(OpSchema, create(OpSchema, op));
}

/** What the bytes of an op say; throws when they are none. Each array is read once. */
export function opOf(bytes: Uint8Array): Op {
  const known = decoded.get(bytes);
  if (known !== undefined) return known;
  const op = fromBinary(OpSchema, bytes);
  decoded.set(bytes, op);
  return op;
}

/** Where an op writes; rows that are only added have no name but their dot. */
export function placeOf(dot: Dot, op: Op): { record: string; field: string } {
  if (op.kind === Kind.APPEND && op.record === "") return { record: dotKey(dot), field: "" };
  return { record: op.record, field: op.field };
}

/** A cell as the key of a map. */
export function cellKey({ record, field }: { record: string; field: string }): string {
  return `${record}\u0000${field}`;
}

/** A stream of a tenant as the key of a map; the tenant is the session's, never a frame's. */
export function streamKey(tenant: string, { collection, partition, zone, lane }: Stream): string {
  return `${tenant}/${collection}/${partition}/${zone}/${lane}`;
}

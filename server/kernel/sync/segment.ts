import type { KeyObject } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  SegmentHeaderSchema,
  SegmentSchema,
  type Segment,
  type SegmentHeader,
  type Stream,
} from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { sameBytes } from "../bytes.ts";
import { sha256 } from "../digest.ts";
import { isSignedFor, signFor, type SigningKey } from "../signing.ts";
import { counterMax } from "./limits.ts";

/** How many ops one signature covers at most. */
export const segmentOpsMax = 256;

const leafBytes = 16;

/** What a segment is about, beside its ops. */
export interface SegmentSubject {
  readonly tenant: string;
  readonly stream: Stream;
  readonly replica: string;
  readonly nodeId: string;
  /** The number of the first op. */
  readonly ctrFrom: number;
}

/** A header that can be relied on once its signature is checked: nothing in it is missing. */
export interface OpenedHeader extends SegmentHeader {
  readonly stream: Stream;
}

/** Signs ops of one replica in a row, so that others may carry them. The same ops give the same. */
export function signSegment(
  key: SigningKey,
  subject: SegmentSubject,
  ops: readonly Uint8Array[],
): Segment {
  if (ops.length === 0 || ops.length > segmentOpsMax) throw new Error("no segment has so many ops");
  const said = create(SegmentHeaderSchema, { ...subject, leaves: ops.map(leafOf) });
  const header = toBinary(SegmentHeaderSchema, said);
  return create(SegmentSchema, { header, signature: signFor("segment", key, header) });
}

/** Whether the key signed exactly this header; never throws. */
export function isSegmentSigned({ header, signature }: Segment, publicKey: KeyObject): boolean {
  return isSignedFor("segment", publicKey, header, signature);
}

const opened = new WeakMap<Segment, OpenedHeader | "MALFORMED">();

/** What a segment's header says; undefined when it is none. Each segment is read once. */
export function headerOf(segment: Segment): OpenedHeader | undefined {
  const known = opened.get(segment) ?? readHeader(segment.header);
  opened.set(segment, known);
  return known === "MALFORMED" ? undefined : known;
}

/** Whether the ops from this number on are those that the headers name, every one of them. */
export function areCovered(
  headers: readonly SegmentHeader[],
  ctrFrom: number,
  ops: readonly Uint8Array[],
): boolean {
  return ops.every((op, at) => headers.some((header) => names(header, ctrFrom + at, op)));
}

/** Whether a header names this op under this number. */
export function names({ ctrFrom, leaves }: SegmentHeader, ctr: number, op: Uint8Array): boolean {
  const leaf = leaves[ctr - ctrFrom];
  return leaf !== undefined && sameBytes(leaf, leafOf(op));
}

/** What stands for an op in its segment. */
export function leafOf(op: Uint8Array): Uint8Array {
  return sha256(op).slice(0, leafBytes);
}

function readHeader(bytes: Uint8Array): OpenedHeader | "MALFORMED" {
  try {
    const header = fromBinary(SegmentHeaderSchema, bytes);
    const { stream, leaves, ctrFrom } = header;
    const isWhole =
      stream !== undefined &&
      leaves.length > 0 &&
      leaves.length <= segmentOpsMax &&
      leaves.every((leaf) => leaf.length === leafBytes) &&
      ctrFrom >= 1 &&
      ctrFrom + leaves.length - 1 <= counterMax;
    return isWhole ? { ...header, stream } : "MALFORMED";
  } catch {
    return "MALFORMED";
  }
}

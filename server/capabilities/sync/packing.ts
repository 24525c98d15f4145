import { toBinary } from "@bufbuild/protobuf";
import {
  PackedBatchSchema,
  type Batch,
  type Frame,
  type PackedBatch,
} from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Entry, Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { framed } from "@foedus/kernel/sync/frame.ts";
import { packed } from "@foedus/kernel/sync/pack.ts";

/** The batch that was made of entries last. It lasts as long as somebody holds these entries. */
const packs = new WeakMap<readonly Entry[], { readonly of: Batch; readonly pack: PackedBatch }>();
/** What a batch with these ops encodes to, but for its id. */
const bodies = new WeakMap<readonly Uint8Array[], Uint8Array>();

/**
 * A frame as it travels. A batch that a hundred sessions are sent is packed once: theirs differ by
 * their id.
 */
export function packedOnce(frame: Frame): Frame {
  const { case: is, value } = frame.frame;
  if (is !== "batch") return packed(frame);
  const known = packs.get(value.entries);
  if (known !== undefined && isSame(known.of, value)) {
    return framed({ case: "packed", value: { ...known.pack, id: value.id } });
  }
  const made = packed(frame);
  if (made.frame.case === "packed") packs.set(value.entries, { of: value, pack: made.frame.value });
  return made;
}

function isSame(one: Batch, other: Batch): boolean {
  return (
    one.seqFrom === other.seqFrom &&
    one.seqTo === other.seqTo &&
    one.epoch === other.epoch &&
    one.vector === other.vector &&
    isSameStream(one.stream, other.stream)
  );
}

function isSameStream(one: Stream | undefined, other: Stream | undefined): boolean {
  return (
    one?.collection === other?.collection &&
    one?.partition === other?.partition &&
    one?.zone === other?.zone &&
    one?.lane === other?.lane
  );
}

/**
 * What an answer encodes to that says this frame, as `SessionResponse` and `PullResponse` both do;
 * undefined for what is nobody else's. Fields may stand in any order, so the id goes first.
 */
export function encodedAnswer({ frame: { case: is, value } }: Frame): Uint8Array[] | undefined {
  if (is !== "packed" || value.ops.length === 0) return undefined;
  const body = bodyOf(value);
  const id = value.id === 0 ? 0 : 1 + varintBytes(value.id);
  const batch = id + body.length;
  const said = 1 + varintBytes(batch) + batch;
  const head = new Uint8Array(1 + varintBytes(said) + said - body.length);
  let at = put(head, 0, frameTag, said);
  at = put(head, at, packedTag, batch);
  if (id > 0) put(head, at, idTag, value.id);
  return [head, body];
}

function bodyOf(pack: PackedBatch): Uint8Array {
  const known = bodies.get(pack.ops);
  if (known !== undefined) return known;
  const body = toBinary(PackedBatchSchema, { ...pack, id: 0 });
  bodies.set(pack.ops, body);
  return body;
}

/** `frame` of an answer, `packed` of a frame, `id` of a batch, each with how it is written. */
const [frameTag, packedTag, idTag] = [0x12, 0x5a, 0x10];
const [low, bits] = [0x7f, 7];

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value >>> bits; rest > 0; rest >>>= bits) bytes++;
  return bytes;
}

/** Writes a tag and a number; returns where the next begins. */
function put(bytes: Uint8Array, at: number, tag: number, value: number): number {
  let end = at;
  bytes[end++] = tag;
  let rest = value;
  for (; rest > low; rest >>>= bits) bytes[end++] = (rest & low) | (low + 1);
  bytes[end++] = rest;
  return end;
}

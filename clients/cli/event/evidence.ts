import type { JsonObject } from "@bufbuild/protobuf";
import { fromBinary } from "@bufbuild/protobuf";
import type { Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { GetEventResponse } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { hex, sameBytes } from "@foedus/kernel/bytes.ts";
import { leafHash, rootFromPath } from "@foedus/kernel/merkle.ts";
import { problemOf, signerKey } from "@foedus/sdk/event/verify.ts";

/** What proves an event, as this program computed it; the hub's word is not asked. */
export interface Evidence {
  readonly leaf: string;
  /** Empty when the path fits no tree. */
  readonly root: string;
  readonly leafIndex: number;
  readonly treeSize: number;
  readonly path: readonly string[];
  readonly signature: string;
  readonly keyId: string;
  readonly publicKey: string;
}

/** An event and whether it is proved. */
export interface Verdict {
  /** Undefined when its bytes are no event. */
  readonly event: Event | undefined;
  readonly evidence: Evidence;
  /** Why it is not proved; undefined when it is. */
  readonly problem: string | undefined;
}

/**
 * Judges an answer: the path must lead from the event's bytes to the root that the key signed, and
 * the key must be the one the source joined with, where that is known.
 */
export function judge(answer: GetEventResponse, identity: Identity | undefined): Verdict {
  const { event: stored, publicKey } = answer;
  const { proof } = stored ?? {};
  const leaf = leafHash(stored?.event ?? new Uint8Array());
  const { leafIndex = 0, treeSize = 0, path = [] } = proof ?? {};
  const root = rootFromPath(leaf, leafIndex, treeSize, path);
  const event = read(stored?.event);
  return {
    event,
    problem: problem(answer, event, identity),
    evidence: {
      leaf: hex(leaf),
      root: root === undefined ? "" : hex(root),
      leafIndex,
      treeSize,
      path: path.map(hex),
      signature: hex(stored?.signature ?? new Uint8Array()),
      keyId: hex(stored?.keyId ?? new Uint8Array()),
      publicKey: hex(publicKey),
    },
  };
}

/** The evidence as JSON for programs. */
export function evidenceJson(evidence: Evidence): JsonObject {
  return { ...evidence, path: [...evidence.path] };
}

function problem(
  { event: stored, publicKey }: GetEventResponse,
  event: Event | undefined,
  identity: Identity | undefined,
): string | undefined {
  if (stored === undefined || event === undefined) return "its bytes are no event";
  const signer = signerKey(event.source, publicKey);
  if (signer === undefined) return "the hub knows no key for it";
  if (identity !== undefined && !sameBytes(identity.identityKey, publicKey)) {
    return `the key is not the one ${identity.name} joined with`;
  }
  return problemOf(stored, signer);
}

function read(bytes: Uint8Array | undefined): Event | undefined {
  try {
    return bytes === undefined ? undefined : fromBinary(EventSchema, bytes);
  } catch {
    return undefined;
  }
}

import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { GetEventResponse } from "@foedus/gen/foedus/event/v1/event_service_pb.js";

/** What this browser found when it checked an event by itself. */
export type Verdict = "valid" | "invalid" | "unable";

const leafPrefix = new Uint8Array([0]);
const nodePrefix = new Uint8Array([1]);
const purpose = new TextEncoder().encode("foedus.event.v1\n");
const keyIdBytes = 8;

/**
 * Checks signature, key id and inclusion proof here, so that nobody has to take the hub's word:
 * leaf = sha256(0x00 || event), up the path of RFC 9162 to the root, Ed25519 over purpose || root.
 */
export async function verify(answer: GetEventResponse): Promise<Verdict> {
  const { event, publicKey } = answer;
  if (event === undefined || publicKey.length !== 32) return "invalid";
  // Without https or loopback, browsers lock the tools away.
  if (globalThis.crypto?.subtle === undefined) return "unable";
  const keyId = (await sha256(publicKey)).subarray(0, keyIdBytes);
  if (!isSame(keyId, event.keyId)) return "invalid";
  const root = await rootOf(event);
  if (root === undefined) return "invalid";
  try {
    const key = await crypto.subtle.importKey("raw", plain(publicKey), "Ed25519", false, [
      "verify",
    ]);
    const signed = joined(purpose, root);
    const good = await crypto.subtle.verify("Ed25519", key, plain(event.signature), signed);
    return good ? "valid" : "invalid";
  } catch {
    // An older browser that does not know Ed25519.
    return "unable";
  }
}

/** The root that the event's leaf and its proof lead to; undefined when the proof is malformed. */
export async function rootOf({ event, proof }: StoredEvent): Promise<Uint8Array | undefined> {
  let hash = await sha256(joined(leafPrefix, event));
  let index = proof?.leafIndex ?? 0;
  let last = (proof?.treeSize ?? 1) - 1;
  if (index < 0 || index > last) return undefined;
  for (const sibling of proof?.path ?? []) {
    if (last === 0) return undefined;
    if (index % 2 === 1 || index === last) {
      hash = await sha256(joined(nodePrefix, sibling, hash));
      while (index % 2 === 0 && index !== 0) {
        index = Math.floor(index / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = await sha256(joined(nodePrefix, hash, sibling));
    }
    index = Math.floor(index / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : undefined;
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", plain(bytes)));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The browser's crypto refuses views of shared memory, and the types cannot know better. */
function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

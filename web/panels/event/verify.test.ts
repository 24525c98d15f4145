import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { GetEventResponseSchema } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { expect, test } from "vitest";
import { verify } from "./verify.ts";

const sha256 = (...parts: Uint8Array[]) =>
  new Uint8Array(createHash("sha256").update(Buffer.concat(parts)).digest());
const leafOf = (event: Uint8Array) => sha256(new Uint8Array([0]), event);
const nodeOf = (left: Uint8Array, right: Uint8Array) => sha256(new Uint8Array([1]), left, right);

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const rawKey = new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(12));

/** RFC 9162, section 2.1: the tree splits at the largest power of two below its size. */
function tree(leaves: Uint8Array[], index: number): { root: Uint8Array; path: Uint8Array[] } {
  const [only] = leaves;
  if (leaves.length === 1 && only) return { root: only, path: [] };
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const left = tree(leaves.slice(0, split), index);
  const right = tree(leaves.slice(split), index - split);
  const path = index < split ? [...left.path, right.root] : [...right.path, left.root];
  return { root: nodeOf(left.root, right.root), path };
}

function answer(size: number, index: number) {
  const events = Array.from({ length: size }, (_, at) => new Uint8Array([at, 7]));
  const { root, path } = tree(events.map(leafOf), index);
  const signature = sign(null, Buffer.concat([Buffer.from("foedus.event.v1\n"), root]), privateKey);
  return create(GetEventResponseSchema, {
    publicKey: rawKey,
    event: {
      event: events[index] ?? new Uint8Array(),
      keyId: sha256(rawKey).subarray(0, 8),
      signature: new Uint8Array(signature),
      proof: { leafIndex: index, treeSize: size, path },
    },
  });
}

test("every event of every batch size up to 17 is proved", async () => {
  for (let size = 1; size <= 17; size += 1) {
    for (let index = 0; index < size; index += 1) {
      expect(await verify(answer(size, index))).toBe("valid");
    }
  }
});

test("a changed byte anywhere is found", async () => {
  const changes: ((response: ReturnType<typeof answer>) => void)[] = [
    ({ event }) => event?.event.set([9]),
    ({ event }) => event?.signature.set([9]),
    ({ event }) => event?.keyId.set([9]),
    ({ event }) => event?.proof?.path[0]?.set([9]),
    ({ event }) => void (event?.proof && (event.proof.leafIndex = 1)),
    ({ event }) => void event?.proof?.path.pop(),
  ];
  for (const change of changes) {
    const response = answer(5, 2);
    change(response);
    expect(await verify(response)).toBe("invalid");
  }
});

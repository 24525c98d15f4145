import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  EventSchema,
  type StoredEvent,
  StoredEventSchema,
} from "@foedus/gen/foedus/event/v1/event_pb.js";
import { GetEventResponseSchema } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { IdentitySchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { signBatch } from "@foedus/kernel/batch.ts";
import { inclusionPath, leafHash } from "@foedus/kernel/merkle.ts";
import { newSigningKey } from "@foedus/kernel/signing.ts";
import { judge } from "./evidence.ts";

const key = newSigningKey();
const source = "spiffe://foedus.local/tenant/main/node/node_1";

function storedEvents(count: number): StoredEvent[] {
  const events = Array.from({ length: count }, (_, at) =>
    create(EventSchema, {
      type: "telemetry_sync",
      source,
      stream: "main",
      sequence: BigInt(at + 1),
    }),
  );
  const batch = signBatch(key, events);
  const leaves = batch.events.map(leafHash);
  return batch.events.map((event, leafIndex) =>
    create(StoredEventSchema, {
      cursor: BigInt(leafIndex + 1),
      event,
      keyId: batch.keyId,
      signature: batch.signature,
      proof: { leafIndex, treeSize: count, path: inclusionPath(leaves, leafIndex) },
    }),
  );
}

function answerWith(event: StoredEvent, publicKey = key.publicKey) {
  return create(GetEventResponseSchema, { event, publicKey, nodeName: "web", verified: true });
}

const joinedWith = (identityKey: Uint8Array) =>
  create(IdentitySchema, { name: "web", identityKey });

test("every event of every batch is proved by its own path", () => {
  for (const count of [1, 2, 3, 5, 8]) {
    for (const event of storedEvents(count)) {
      const { problem, evidence } = judge(answerWith(event), joinedWith(key.publicKey));
      expect(problem).toBeUndefined();
      expect(evidence.root).toMatch(/^[0-9a-f]{64}$/);
    }
  }
});

test("one flipped bit anywhere is not proved, though the hub says it verified", () => {
  const [, event] = storedEvents(3);
  if (event === undefined) throw new Error("there is no second event");
  const parts = ["event", "signature", "keyId"] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...parts),
      fc.nat(),
      fc.integer({ min: 0, max: 7 }),
      (part, at, bit) => {
        const bytes = event[part].slice();
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        expect(judge(answerWith({ ...event, [part]: bytes }), undefined).problem).toBeDefined();
      },
    ),
  );
});

test.each([
  ["without its proof", { proof: undefined }, "it came without its proof"],
  ["with a proof that fits no tree", { treeSize: 1 }, "its proof fits no batch"],
  ["with another's place", { leafIndex: 0 }, "its signature does not hold"],
])("an event %s is not proved", (_, change, problem) => {
  const [, event] = storedEvents(2);
  if (event?.proof === undefined) throw new Error("there is no second event");
  const proof = "proof" in change ? change.proof : { ...event.proof, ...change };
  expect(judge(answerWith({ ...event, proof }), undefined).problem).toBe(problem);
});

test("a key that the hub made up is not the one the node joined with", () => {
  const [event] = storedEvents(1);
  if (event === undefined) throw new Error("there is no event");
  const identity = joinedWith(newSigningKey().publicKey);
  expect(judge(answerWith(event), identity).problem).toBe("the key is not the one web joined with");
});

test("bytes that are no event are said to be none", () => {
  const stored = create(StoredEventSchema, { event: Uint8Array.of(255, 255) });
  expect(judge(answerWith(stored), undefined).problem).toBe("its bytes are no event");
});

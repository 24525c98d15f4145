import { create, fromBinary } from "@bufbuild/protobuf";
import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema, StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { PublishForeignRequest } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { signBatch } from "@foedus/kernel/batch.ts";
import { newSigningKey } from "@foedus/kernel/signing.ts";
import { expect, test } from "vitest";
import { requestsOf, roundsOf, wholeBatches } from "./peer-tell.ts";

const key = newSigningKey();
const source = "spiffe://b.test/hub/hub_1";

/** A log of batches of these sizes, as it is read with proofs. */
function logOf(sizes: readonly number[], payloadBytes = 4): StoredEvent[] {
  const log: StoredEvent[] = [];
  for (const treeSize of sizes) {
    const payload = new Uint8Array(payloadBytes);
    const events = Array.from({ length: treeSize }, (_, at) =>
      create(EventSchema, { source, sequence: BigInt(log.length + at + 1), payload }),
    );
    const { events: signed, keyId, signature } = signBatch(key, events);
    for (const [leafIndex, event] of signed.entries()) {
      const cursor = BigInt(log.length + 1);
      const proof = { leafIndex, treeSize };
      log.push(create(StoredEventSchema, { cursor, event, keyId, signature, proof }));
    }
  }
  return log;
}

/** What is told of a log that comes in pages of this size. */
function toldOf(log: readonly StoredEvent[], page: number): PublishForeignRequest[] {
  const told: PublishForeignRequest[] = [];
  let waiting: readonly StoredEvent[] = [];
  for (let at = 0; at < log.length; at += page) {
    const part = log.slice(at, at + page);
    const { ready, rest } = wholeBatches([...waiting, ...part], part.at(-1)?.cursor ?? 0n);
    told.push(...requestsOf(ready));
    waiting = rest;
  }
  expect(waiting).toEqual([]);
  return told;
}

const sequencesOf = (requests: readonly PublishForeignRequest[]) =>
  requests.flatMap(({ batch }) =>
    (batch?.events ?? []).map((one) => Number(fromBinary(EventSchema, one).sequence)),
  );

test.each([1, 2, 3, 7, 32, 100])("a batch goes whole, with pages of %i", (page) => {
  const sizes = [1, 5, 100, 3, 1, 64];
  const told = toldOf(logOf(sizes), page);
  expect(told.map(({ batch }) => batch?.events.length)).toEqual(sizes);
  expect(told.every(({ proof }) => proof === undefined)).toBe(true);
  expect(sequencesOf(told)).toEqual(Array.from({ length: 174 }, (_, at) => at + 1));
});

test("of a batch that is not here as a whole each event goes with its proof, and none waits", () => {
  const log = logOf([4, 4]).filter(({ cursor }) => cursor !== 2n);
  const told = toldOf(log, 100);
  expect(told.map(({ proof }) => proof?.leafIndex)).toEqual([0, 2, 3, undefined]);
  expect(sequencesOf(told)).toEqual([1, 3, 4, 5, 6, 7, 8]);
  // Its end was left out: what was looked at goes beyond what is here.
  const cut = log.slice(0, 2);
  expect(wholeBatches(cut, 4n)).toEqual({ ready: cut, rest: [] });
});

test("a batch that no request holds goes event by event, and is not waited for", () => {
  const told = toldOf(logOf([4], 200_000), 3);
  expect(told.map(({ proof }) => proof?.leafIndex)).toEqual([0, 1, 2, 3]);
});

test("a round is never wider than what the other side looks back", () => {
  const rounds = roundsOf(requestsOf(logOf([256, 256, 1, 256, ...Array<number>(40).fill(1)])));
  expect(rounds.map((round) => round.length)).toEqual([2, 16, 16, 10]);
  expect(sequencesOf(rounds.flat())).toEqual(Array.from({ length: 809 }, (_, at) => at + 1));
});

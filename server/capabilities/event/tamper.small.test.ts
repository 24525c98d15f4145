import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphSummarySchema,
  HealthSchema,
  PresenceSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { expect, test } from "vitest";
import { batchOf, newSigner, telemetry, testRules } from "../../../tests/support/publication.ts";
import { offerMutants } from "../../../tests/support/tamper.ts";
import { openBatch } from "./batch.ts";

const mutantsMax = 50_000;

/** One event of each kind: a batch of one is signed by its leaf, larger ones by a root. */
const payloads = [
  { type: "telemetry_sync", payload: new Uint8Array() },
  {
    type: "hub.presence",
    payload: toBinary(PresenceSchema, create(PresenceSchema, { projectSlug: "atlas", title: "A" })),
  },
  {
    type: "hub.health",
    payload: toBinary(HealthSchema, create(HealthSchema, { status: 1, latencyMs: 1.5 })),
  },
  {
    type: "graph.summary.nodes",
    payload: toBinary(
      GraphSummarySchema,
      create(GraphSummarySchema, { files: 3n, lastCommit: { hash: "ab" }, tags: ["v1"] }),
    ),
  },
];

test("50,000 single-bit mutants of small batches: none is accepted", { timeout: 300_000 }, () => {
  const signer = newSigner();
  const tally = { mutants: 0, accepted: 0, toSignature: 0 };
  for (let epoch = 1n; tally.mutants < mutantsMax; epoch++) {
    for (const size of [1, 2, 3, 4]) {
      const events = Array.from({ length: size }, (_, at) => {
        const place = { source: signer.source, stream: "main", epoch, first: BigInt(at + 1) };
        return telemetry(place, payloads[(at + Number(epoch)) % payloads.length]);
      });
      const batch = batchOf(signer, events);
      expect(openBatch(batch, signer, testRules).events).toHaveLength(size);
      offerMutants(batch, signer, tally, mutantsMax);
    }
  }
  expect(tally).toMatchObject({ mutants: mutantsMax, accepted: 0 });
  expect(tally.toSignature).toBeGreaterThan(0.8 * mutantsMax);
});

// B12: how many signed events one core verifies, reads and judges.
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import type { Message } from "@bufbuild/protobuf";
import {
  GraphSummarySchema,
  HealthSchema,
  IntegrationEdgeSchema,
  PresenceSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Batch, Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { isSignedFor } from "@foedus/kernel/signing.ts";
import { openBatch } from "../../server/capabilities/event/batch.ts";
import { violationOf } from "../../server/runtime/violation.ts";
import { batchOf, newSigner, telemetry, testMs, testRules } from "../support/publication.ts";
import type { Bench } from "./context.ts";
import type { Turn } from "./rounds.ts";

const batchEvents = 256;
const batchesKept = 16;

const signer = newSigner();
const place = { source: signer.source, stream: "main", epoch: 7n };

/** What the hub judges by; problemOf asks the schema's own rules, as the hub does. */
const rules = {
  ...testRules,
  nowMs: testMs,
  problemOf: (event: Event) => violationOf(EventSchema, event)?.problem,
};

function told<T extends Message>(schema: GenMessage<T>, init: MessageInitShape<GenMessage<T>>) {
  return { type: factType(schema), payload: toBinary(schema, create(schema, init)) };
}

const digest = "0123456789abcdef".repeat(4);

/** As instances tell them: nine telemetries to one each of the others. */
const payloads = [
  ...Array.from({ length: 9 }, (_, at) =>
    told(TelemetrySyncSchema, {
      priorities: ["server", "web", "docs"].map((topic) => {
        return { topic, weight: 0.25, confidence: 0.8 };
      }),
      syncLatencyMs: 1.25,
      sanitized: true,
      eventsPublished: BigInt(at * 1_000),
      eventsWaiting: 0n,
      residentBytes: 98_000_000n,
      uptimeMs: 123_456n,
    }),
  ),
  told(HealthSchema, { status: 1, latencyMs: 1.5, sampleMs: BigInt(testMs) }),
  told(PresenceSchema, { projectSlug: "shop", title: "Shop", version: "1.0.0" }),
  told(GraphSummarySchema, {
    projectSlug: "shop",
    files: 120n,
    lines: 9_000n,
    languages: ["TypeScript", "CSS", "Markdown"].map((language) => {
      return { language, files: 40n, lines: 3_000n };
    }),
    lastCommit: { hash: digest.slice(0, 40), timeMs: BigInt(testMs), subject: "shop: open" },
    tags: ["v1.0.0"],
    digest,
  }),
  told(IntegrationEdgeSchema, {
    fromProject: "shop",
    toPackage: "@foedus/kernel",
    kind: 5,
    strength: 1,
    proof: { manifest: "package.json", line: 12, digest },
  }),
];

function batch(first: bigint, size: number): Batch {
  const events = Array.from({ length: size }, (_, at) =>
    telemetry({ ...place, first: first + BigInt(at) }, payloads[at % payloads.length]),
  );
  return batchOf(signer, events);
}

/** CPU and time of doing something with every batch, again and again. */
function turnOf(batches: readonly Batch[], ms: number, act: (batch: Batch) => void): Turn {
  const [start, before] = [performance.now(), process.cpuUsage()];
  let operations = 0;
  while (performance.now() - start < ms) {
    for (const one of batches) {
      act(one);
      operations += one.events.length;
    }
  }
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(before);
  return { operations, seconds, cpuUs: user + system };
}

/** What nobody can leave out: each byte hashed once, and one signature a batch. */
function floor({ events, signature }: Batch): void {
  let root = new Uint8Array(32);
  for (const event of events) root = new Uint8Array(sha256(event));
  isSignedFor("event", signer.key, root, signature);
}

/** Events that one core of the hub opens, before anything is stored. */
export const verify: Bench = {
  title: "B12: signed events verified",
  what:
    "events of five families (about 190 bytes) in one thread: signature, Merkle tree, strict " +
    "reading of envelope and payload, rules of the schema; CPU is that of the whole process",
  target: "at least 100,000 a second and core in batches",
  async run({ measure, turnMs }) {
    const whole = Array.from({ length: batchesKept }, (_, at) =>
      batch(BigInt(at * batchEvents + 1), batchEvents),
    );
    const single = Array.from({ length: batchEvents }, (_, at) => batch(BigInt(at + 1), 1));
    const floorName = "SHA-256 and one Ed25519 a batch of 256";
    const floorOfOne = "SHA-256 and Ed25519 an event";
    const open = (one: Batch) => void openBatch(one, signer, rules);
    const subject = (batches: readonly Batch[], act: (one: Batch) => void) => () =>
      Promise.resolve(turnOf(batches, turnMs, act));
    return await measure([
      { name: floorName, turn: subject(whole, floor) },
      { name: "hub, batches of 256", floor: floorName, turn: subject(whole, open) },
      { name: floorOfOne, turn: subject(single, floor) },
      { name: "hub, single events", floor: floorOfOne, turn: subject(single, open) },
    ]);
  },
};

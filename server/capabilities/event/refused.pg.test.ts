import { fromBinary } from "@bufbuild/protobuf";
import type { EventRefused } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import {
  EventRefusedSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { newSigningKey } from "@foedus/kernel/signing.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, onTestFinished, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { startLocalHub } from "../../../tests/support/hub.local.ts";
import { eventOf, freely, registeredNode, signed } from "../../../tests/support/joined.ts";
import { batchOf, newSigner, run } from "../../../tests/support/publication.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { readLog } from "../../runtime/storage/log.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { refusedEveryMs, refusedLoop } from "./refused.loop.ts";
import { Refusals } from "./refused.ts";

const signer = newSigner();
const batch = batchOf(signer, run({ ...signer, stream: "main", epoch: 1n, first: 1n }, 2));
const forged = new Fault(Reason.EVENT_SIGNATURE_INVALID, { events: 2 });

async function told(storage: Storage, tenant: TenantId): Promise<EventRefused[]> {
  const kinds = ["event.refused"];
  const { entries } = await storage.tenant(tenant, (tx) =>
    readLog(tx, "outbox", 0n, 100, { kinds }),
  );
  return entries.map(({ body }) => fromBinary(EventRefusedSchema, body));
}

/** A storage whose loop sleeps until the test ends its second. */
async function heldStorage() {
  const { url } = await cloneDatabase();
  const storage = await openTestStorage(url);
  onTestFinished(() => storage.close());
  const sleeps = Array.from({ length: 8 }, () => ({
    begun: Promise.withResolvers<number>(),
    over: Promise.withResolvers<void>(),
  }));
  const left = sleeps.values();
  const sleep = async (ms: number, signal?: AbortSignal) => {
    const { begun, over } = left.next().value ?? raise();
    begun.resolve(ms);
    signal?.addEventListener("abort", () => over.resolve());
    await over.promise;
  };
  const world = { ...realWorld, timers: { ...realWorld.timers, sleep } };
  return { storage: { ...storage, world }, sleeps };
}

function raise(): never {
  throw new Error("it slept more often than this test thought of");
}

test("the first is told at once; what comes within the second waits for its end, as one", async () => {
  const { storage, sleeps } = await heldStorage();
  const [first, second] = sleeps;
  const [tenant, refusals, ending] = [newTenant(), new Refusals(), new AbortController()];
  const count = () => refusals.count({ tenant, nodeId: "node_a" }, forged, batch);
  const running = refusedLoop(storage, refusals).run(ending.signal);
  count();
  expect(await first?.begun.promise).toBe(refusedEveryMs);
  expect(await told(storage, tenant)).toMatchObject([{ batches: 1n, events: 2n }]);
  for (let at = 0; at < 50; at += 1) count();
  expect(await told(storage, tenant)).toHaveLength(1);
  first?.over.resolve();
  await second?.begun.promise;
  expect(await told(storage, tenant)).toMatchObject([{ batches: 1n }, { batches: 50n }]);
  count();
  ending.abort();
  await running;
  expect(await told(storage, tenant)).toHaveLength(3);
});

test("a forger's batches become facts about the node they came over", async () => {
  const local = await startLocalHub({ values: freely });
  onTestFinished(() => local.stop());
  const node = await registeredNode(local.hub);
  const event = eventOf(node.spiffeId, TelemetrySyncSchema, {});
  const others = {
    ...signed({ key: newSigningKey() }, [event]),
    keyId: signed(node, [event]).keyId,
  };
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => node.events.publish({ batch: others })),
  );
  expect(results.every(({ status }) => status === "rejected")).toBe(true);
  const { storage } = local.hub;
  const { tenant } = node.caller;
  let facts: EventRefused[] = [];
  const total = () => facts.reduce((sum, { batches }) => sum + Number(batches), 0);
  while (total() < 5) {
    const grown = storage.wake.next("outbox", undefined, AbortSignal.timeout(3_000));
    facts = await told(storage, tenant);
    if (total() < 5) await grown;
  }
  expect(facts.length).toBeLessThanOrEqual(2);
  expect(new Set(facts.map(({ reason }) => reason))).toEqual(new Set(["EVENT_SIGNATURE_INVALID"]));
  expect(facts.every(({ nodeId }) => nodeId === node.id)).toBe(true);
});

import { fromBinary } from "@bufbuild/protobuf";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { IdentityEnrolledSchema } from "@foedus/gen/foedus/identity/v1/identity_event_pb.js";
import { NodeRegisteredSchema } from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import { fact } from "@foedus/kernel/change.ts";
import { newSigningKey } from "@foedus/kernel/signing.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { families } from "../../../tests/support/families.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { follow, followOnce } from "../../runtime/storage/follow.ts";
import { readHead, readLog } from "../../runtime/storage/log.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { withPaths } from "./proof.store.ts";
import { findHubKey, relay } from "./relay.store.ts";
import { storedEvent } from "./stored.ts";
import { isProved } from "./verify.ts";

let hubs: Awaited<ReturnType<typeof openTestStorage>>[] = [];
let storage: Storage;
beforeAll(async () => {
  const { url } = await cloneDatabase();
  storage = await openTestStorage(url);
  hubs = [await openTestStorage(url), await openTestStorage(url)];
});
afterAll(() => Promise.all([...hubs, storage].map((hub) => hub.close())));

const factsMax = 600;

function tellNode(tenant: TenantId, n: number) {
  const schema = n % 2 === 0 ? NodeRegisteredSchema : IdentityEnrolledSchema;
  return storage.tenant(tenant, (tx) => tell(tx, [fact(schema, `node_${n}`, {})]));
}

async function eventsOf(tenant: TenantId) {
  const all = [];
  for (let cursor = 0n; ;) {
    const after = cursor;
    const page = await storage.tenant(tenant, (tx) => readLog(tx, "event", after));
    if (page.entries.length === 0) return all;
    all.push(...page.entries.map(storedEvent));
    ({ cursor } = page);
  }
}

test("several hubs relay one outbox: each fact becomes one event, in order, provable", async () => {
  const tenant = newTenant();
  const ending = new AbortController();
  const signers = hubs.map((_, n) => ({
    spiffeId: `spiffe://foedus.local/hub/hub_${n}`,
    signingKey: newSigningKey(),
  }));
  const following = hubs.map((hub, n) => {
    const signer = signers[n];
    if (signer === undefined) throw new Error("each hub has a key");
    return follow(hub, relay(signer, families), ending.signal);
  });
  for (let n = 0; n < factsMax; n++) await tellNode(tenant, n);
  for (let seq = 0n; seq < BigInt(factsMax);) {
    const grown = hubs.map((hub) => hub.wake.next("event", tenant, ending.signal));
    ({ seq } = await storage.tenant(tenant, (tx) => readHead(tx, "event")));
    if (seq < BigInt(factsMax)) await Promise.race(grown);
  }
  ending.abort();
  await Promise.all(following);
  const stored = await eventsOf(tenant);
  const events = stored.map(({ event }) => fromBinary(EventSchema, event));
  expect(events.map(({ subject }) => subject)).toEqual(
    Array.from({ length: factsMax }, (_, n) => `node_${n}`),
  );
  expect(events.map(({ sequence }) => Number(sequence))).toEqual(events.map((_, at) => at + 1));
  for (const [at, full] of (await withPaths(storage, tenant, stored)).entries()) {
    const source = events[at]?.source ?? "";
    const key = await storage.tenant(tenant, (tx) => findHubKey(tx, full.keyId, source));
    expect(key && isProved(full, key)).toBe(true);
  }
});

test("a hub that dies between append and commit leaves nothing behind or out", async () => {
  const tenant = newTenant();
  const signer = { spiffeId: "spiffe://foedus.local/hub/hub_x", signingKey: newSigningKey() };
  const honest = relay(signer, families);
  const dying = {
    ...honest,
    act: async (...args: Parameters<typeof honest.act>) => {
      await honest.act(...args);
      throw new Error("the power is cut");
    },
  };
  await tellNode(tenant, 0);
  await expect(followOnce(storage, dying, tenant)).rejects.toThrow("power");
  expect(await eventsOf(tenant)).toHaveLength(0);
  await followOnce(storage, honest, tenant);
  await followOnce(storage, honest, tenant);
  expect(await eventsOf(tenant)).toHaveLength(1);
});

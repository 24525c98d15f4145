import { randomUUID } from "node:crypto";
import { fromBinary } from "@bufbuild/protobuf";
import {
  HealthSchema,
  PresenceSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Event, StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { newSigningKey } from "@foedus/kernel/signing.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { payloadWith, sensitivePlaces } from "../../../tests/support/families.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import {
  eventOf,
  freely,
  personOf,
  publish,
  registeredNode,
  signed,
  strangerNode,
  type JoinedNode,
} from "../../../tests/support/joined.ts";
import { isProved } from "./verify.ts";

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: freely });
});
afterAll(() => local.stop());

function telemetry(node: JoinedNode, first: number, count: number, subject = ""): Event[] {
  return Array.from({ length: count }, (_, at) =>
    eventOf(node.spiffeId, TelemetrySyncSchema, {}, { sequence: BigInt(first + at), subject }),
  );
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

/** The same event again and again, which has no effect. */
async function publishUntilRefused(node: JoinedNode): Promise<never> {
  for (;;) await publish(node, telemetry(node, 1, 1));
}

/** All that is kept, as an owner hears it. */
async function everything(withProofs = false): Promise<StoredEvent[]> {
  const ear = local.hub.calls.as(EventService, personOf(Role.OBSERVER));
  const heard: StoredEvent[] = [];
  for await (const { item } of ear.subscribe({ afterCursor: 0n, untilHead: true, withProofs })) {
    if (item.case === "delivery") heard.push(...item.value.events);
  }
  return heard;
}

/** Resolves with the relayed event of that type about a subject. */
async function relayed(type: string, subject: string): Promise<Event> {
  const ending = new AbortController();
  const ear = local.hub.calls.as(EventService, personOf(Role.OBSERVER));
  const wish = { afterCursor: 0n, types: [type], subjects: [subject] };
  for await (const { item } of ear.subscribe(wish, { signal: ending.signal })) {
    const [found] = item.case === "delivery" ? item.value.events : [];
    if (found === undefined) continue;
    ending.abort();
    return fromBinary(EventSchema, found.event);
  }
  throw new Error("the stream ended");
}

test("an event comes back with a proof that holds, of a whole batch or of parts", async () => {
  const node = await registeredNode(local.hub);
  const { lastCursor: whole } = await publish(node, telemetry(node, 3, 2));
  const { lastCursor: parts, accepted } = await publish(node, telemetry(node, 1, 7));
  expect(accepted).toBe(5);
  const cursors = [whole - 1n, whole, ...[4n, 3n, 2n, 1n, 0n].map((back) => parts - back)];
  for (const cursor of cursors) {
    const { event, publicKey, nodeName, verified } = await node.events.getEvent({ cursor });
    expect({ verified, nodeName, publicKey }).toEqual({
      verified: true,
      nodeName: node.name,
      publicKey: node.key.publicKey,
    });
    expect(event && isProved(event, publicKey)).toBe(true);
  }
});

test("a subscription with proofs can be verified by whoever hears it", async () => {
  const node = await registeredNode(local.hub);
  for (let first = 1; first < 100; first += 13) await publish(node, telemetry(node, first, 13));
  await relayed("node.registered", node.id);
  const heard = await everything(true);
  const keys = new Map<string, Uint8Array>();
  for (const stored of heard) {
    const key = Buffer.from(stored.keyId).toString("hex");
    const { publicKey } = keys.has(key)
      ? { publicKey: keys.get(key) ?? new Uint8Array() }
      : await node.events.getEvent({ cursor: stored.cursor });
    keys.set(key, publicKey);
    expect(isProved(stored, publicKey)).toBe(true);
    expect(isProved({ ...stored, event: stored.event.with(9, 0) }, publicKey)).toBe(false);
  }
  expect(heard.length).toBeGreaterThan(100);
  expect((await everything()).every(({ proof }) => proof === undefined)).toBe(true);
});

test("a cursor outside of the log is refused with what there is", async () => {
  const node = await registeredNode(local.hub);
  const fault = await faultOf(node.events.getEvent({ cursor: 1_000_000n }));
  expect(fault.reason).toBe(Reason.CURSOR_LOST);
  expect(fault.facts).toMatchObject({ cursor: "1000000", first: "1" });
});

test("what is not the node's own, or signed with another key, is refused", async () => {
  const [one, other] = [await registeredNode(local.hub), await registeredNode(local.hub)];
  const lent = signed(one, telemetry(other, 1, 1));
  expect((await faultOf(one.events.publish({ batch: lent }))).reason).toBe(Reason.NOT_YOURS);
  const stolen = signed(other, telemetry(one, 1, 1));
  const { reason } = await faultOf(one.events.publish({ batch: stolen }));
  expect(reason).toBe(Reason.EVENT_KEY_UNKNOWN);
  const forged = signed({ key: newSigningKey() }, telemetry(one, 1, 1));
  const batch = { ...forged, keyId: stolen.keyId };
  const { reason: second } = await faultOf(other.events.publish({ batch }));
  expect(second).toBe(Reason.EVENT_SIGNATURE_INVALID);
});

test("no sensitive field of any family is ever stored", async () => {
  const node = await registeredNode(local.hub);
  const canary = `canary-${randomUUID()}`;
  for (const place of sensitivePlaces()) {
    const payload = payloadWith(place, canary);
    const event = eventOf(node.spiffeId, TelemetrySyncSchema, {});
    const planted = { ...event, type: place.family.type, payload };
    const { reason } = await faultOf(publish(node, [planted]));
    expect(reason).toBe(Reason.SENSITIVE_FIELD);
  }
  const needle = Buffer.from(canary);
  const { rows } = await sql<{ hits: bigint }>`
    select (select count(*) from event_log where position(${needle}::bytea in body) > 0)
         + (select count(*) from event_latest where position(${needle}::bytea in body) > 0)
         + (select count(*) from outbox_log where position(${needle}::bytea in body) > 0)
      as hits`.execute(local.hub.storage.sweeper);
  expect(rows).toEqual([{ hits: 0n }]);
  expect(await publish(node, telemetry(node, 1, 1))).toMatchObject({ accepted: 1 });
});

test("facts that may leave are told as the hub's own signed events, once", async () => {
  const node = await registeredNode(local.hub);
  const told = await relayed("node.registered", node.id);
  expect(told).toMatchObject({ source: local.hub.identity.spiffeId, stream: "hub", epoch: 1n });
  const all = (await everything()).map(({ event }) => fromBinary(EventSchema, event));
  const mine = all.filter((event) => event.subject === node.id);
  expect(mine.map((event) => event.type)).toEqual(["identity.enrolled", "node.registered"]);
  const owner = local.hub.calls.as(EventService, personOf(Role.OBSERVER));
  const { events } = await owner.listLatest({ sources: [local.hub.identity.spiffeId] });
  const [stored] = events;
  if (stored === undefined) throw new Error("the hub told something");
  const { verified, nodeName, publicKey } = await owner.getEvent({ cursor: stored.cursor });
  expect({ verified, nodeName }).toEqual({ verified: true, nodeName: "" });
  expect(publicKey).toEqual(local.hub.identity.signingKey.publicKey);
});

test("the latest of each source, type and subject is listed by pages, with proofs", async () => {
  const node = await registeredNode(local.hub);
  await publish(node, [...telemetry(node, 1, 3, "a"), ...telemetry(node, 4, 2, "b")]);
  const health = eventOf(node.spiffeId, HealthSchema, {}, { sequence: 7n });
  await publish(node, [health]);
  await publish(node, [eventOf(node.spiffeId, HealthSchema, {}, { sequence: 6n })]);
  const seen: string[] = [];
  let token = "";
  do {
    const sources = [node.spiffeId];
    const page = await node.events.listLatest({ page: { size: 2, token }, sources });
    for (const stored of page.events) {
      const { type, subject, sequence } = fromBinary(EventSchema, stored.event);
      seen.push(`${type} ${subject} ${sequence}`);
      expect(isProved(stored, node.key.publicKey)).toBe(true);
    }
    token = page.nextPageToken;
  } while (token !== "");
  // Sequence 6 came after 7 and is older.
  expect(seen).toEqual(["hub.health  7", "telemetry_sync a 3", "telemetry_sync b 5"]);
  const below = { types: ["hub.*"], sources: [node.spiffeId] };
  expect((await node.events.listLatest(below)).events).toHaveLength(1);
});

test("a page of large events stops early, and goes on where it stopped", async () => {
  const node = await registeredNode(local.hub);
  const topic = "x".repeat(250_000);
  for (let sequence = 1n; sequence <= 12n; sequence++) {
    const rest = { sequence, subject: `s${String(sequence).padStart(2, "0")}` };
    await publish(node, [
      eventOf(node.spiffeId, TelemetrySyncSchema, { priorities: [{ topic }] }, rest),
    ]);
  }
  const sizes: number[] = [];
  let token = "";
  do {
    const wish = { page: { size: 100, token }, sources: [node.spiffeId] };
    const { events, nextPageToken } = await node.events.listLatest(wish);
    sizes.push(events.length);
    token = nextPageToken;
  } while (token !== "");
  expect(sizes).toEqual([8, 4]);
});

test("a revoked node's key is let go of at once, and still proves what it signed", async () => {
  const node = await registeredNode(local.hub);
  const { lastCursor } = await publish(node, telemetry(node, 1, 1));
  const owner = local.hub.calls.as(IdentityService, personOf(Role.ADMIN));
  await owner.revokeNode({ requestId: randomUUID(), node: node.id, reason: "test" });
  await relayed("identity.revoked", node.id);
  // The guards turn the node away; behind them its key must be forgotten too, in each process.
  const { reason } = await faultOf(publishUntilRefused(node));
  expect(reason).toBe(Reason.NODE_RETIRED);
  const ear = local.hub.calls.as(EventService, personOf(Role.OBSERVER));
  const { verified, nodeName } = await ear.getEvent({ cursor: lastCursor });
  expect({ verified, nodeName }).toEqual({ verified: true, nodeName: node.name });
});

test("another tenant's node finds no log here, and cannot publish into one", async () => {
  const node = await registeredNode(local.hub);
  await publish(node, [eventOf(node.spiffeId, PresenceSchema, { title: "Atlas" })]);
  const events = local.hub.calls.as(EventService, strangerNode());
  const items = [];
  for await (const { item } of events.subscribe({ afterCursor: 0n, untilHead: true })) {
    items.push(item.case);
  }
  expect(items).toEqual(["head"]);
  const batch = signed(node, telemetry(node, 2, 1));
  expect((await faultOf(events.publish({ batch }))).reason).toBe(Reason.NOT_FOUND);
});

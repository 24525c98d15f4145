import { PresenceSchema, TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestHub } from "../../../tests/support/federated.ts";
import { hearNotices, startTestHub, testHub } from "../../../tests/support/federated.ts";
import type { FoedusNode } from "../node.ts";
import type { Heard } from "./heard.ts";
import { payloadOf } from "./families.ts";
import { problemOf, signerKey } from "./verify.ts";

let hub: TestHub;

beforeAll(async () => (hub = await startTestHub()));
afterAll(() => hub.stop());

/** Tells numbers, each in an event of its own; resolves when the hub has stored all of them. */
async function tellNumbers(node: FoedusNode, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, index) => BigInt(from + index));
  await Promise.all(
    numbers.map((eventsPublished) => node.publish(TelemetrySyncSchema, { eventsPublished })),
  );
}

/** Hears numbers of one source in the order of the log, until `last` came; anything else throws. */
async function hearNumbers(events: AsyncIterable<Heard>, last: number): Promise<number[]> {
  const numbers: number[] = [];
  for await (const heard of events) {
    if (heard.kind !== "event") throw new Error(`${heard.kind} where an event belongs`);
    const number = Number(payloadOf(heard.event, TelemetrySyncSchema)?.eventsPublished);
    numbers.push(number);
    if (number === last) return numbers;
  }
  return numbers;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

test("many events at once go in few signatures, in order, each stored once", async () => {
  const node = await hub.node("many");
  await tellNumbers(node, 0, 500);
  const sources = [node.spiffeId];
  const sizes: number[] = [];
  const numbers: number[] = [];
  const all = node.subscribe({ afterCursor: 0n, sources, untilHead: true, verify: true });
  for await (const heard of all) {
    if (heard.kind !== "event") throw new Error(heard.kind);
    sizes.push(heard.stored.proof?.treeSize ?? 0);
    numbers.push(Number(payloadOf(heard.event, TelemetrySyncSchema)?.eventsPublished));
  }
  expect(numbers).toEqual(upTo(500));
  expect(Math.max(...sizes)).toBe(64);
});

test("a stream of many is told in order on a line of its own", async () => {
  const node = await hub.node("bulk");
  async function* events() {
    for (let at = 0; at < 1_500; at += 1) {
      yield { schema: TelemetrySyncSchema, payload: { eventsPublished: BigInt(at) } };
    }
  }
  expect(await node.publishStream(events())).toEqual({ accepted: 1_500, duplicates: 0 });
  const sources = [node.spiffeId];
  const heard = node.subscribe({ afterCursor: 0n, sources, untilHead: true });
  expect(await hearNumbers(heard, 1_499)).toEqual(upTo(1_500));
});

test("one event that is refused does not take its batch along", async () => {
  const node = await hub.node("mixed");
  const good = (subject: string) => node.publish(PresenceSchema, {}, { subject });
  const told = await Promise.allSettled([good("one"), good("bad\u0001"), good("three")]);
  expect(told.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(told[1]).toMatchObject({ reason: { reason: Reason.EVENT_MALFORMED } });
  await good("after");
  const sources = [node.spiffeId];
  const subjects: string[] = [];
  for await (const heard of node.subscribe({ afterCursor: 0n, sources, untilHead: true })) {
    if (heard.kind === "event") subjects.push(heard.event.subject);
  }
  expect(subjects).toEqual(["one", "three", "after"]);
});

test("a signal ends the wait, and what nobody waits for is not sent", async () => {
  const node = await hub.node("hasty");
  const giveUp = new AbortController();
  const told = node.publish(TelemetrySyncSchema, {}, { signal: giveUp.signal });
  giveUp.abort(new Error("no longer needed"));
  await expect(told).rejects.toThrow("no longer needed");
  await node.publish(TelemetrySyncSchema, {});
  expect(node.status()).toMatchObject({ eventsPublished: 1, eventsWaiting: 0 });
});

test("what a tampered event says is a forgery", async () => {
  const node = await hub.node("forged");
  await node.publish(TelemetrySyncSchema, { trustScore: 80 });
  const sources = [node.spiffeId];
  const all = node.subscribe({ afterCursor: 0n, sources, untilHead: true, verify: true });
  const heard = (await all.next()).value;
  if (heard?.kind !== "event") throw new Error("nothing was heard");
  const { identities } = await node.client(IdentityService).listIdentities({});
  const own = identities.find(({ spiffeId }) => spiffeId === node.spiffeId);
  const key = signerKey(node.spiffeId, own?.identityKey ?? new Uint8Array());
  if (key === undefined) throw new Error("the node has a key");
  expect(problemOf(heard.stored, key)).toBeUndefined();
  const event = heard.stored.event.slice();
  event[event.length - 1] = (event.at(-1) ?? 0) ^ 1;
  expect(problemOf({ ...heard.stored, event }, key)).toMatch(/signature|batch/);
  expect(problemOf(heard.stored, { ...key, source: "spiffe://x/hub/y" })).toMatch(/somebody/);
});

test("the hub's own facts verify as well, and a gap or an end is no error", async () => {
  const node = await hub.node("listener");
  const types = ["identity.*"];
  const all = node.subscribe({ afterCursor: 0n, types, untilHead: true, verify: true });
  const kinds: string[] = [];
  for await (const { kind } of all) kinds.push(kind);
  expect(new Set(kinds)).toEqual(new Set(["event"]));
});

test("a signal ends the iteration without an error", async () => {
  const node = await hub.node("quiet");
  const enough = new AbortController();
  const heard = node.subscribe({ signal: enough.signal, heads: true });
  expect(await heard.next()).toMatchObject({ value: { kind: "head" } });
  enough.abort();
  expect(await heard.next()).toMatchObject({ done: true });
});

test("renewals under an open stream lose nothing and repeat nothing", async () => {
  const brief = await testHub(["--certificate-ms", "2000"]);
  const { notice, heardOf } = hearNotices();
  const listener = await brief.node("listener", { notice });
  const teller = await brief.node("teller");
  const sources = [teller.spiffeId];
  const heard = hearNumbers(listener.subscribe({ afterCursor: 0n, sources }), 399);
  for (let round = 0; round < 4; round += 1) {
    await tellNumbers(teller, round * 100, round * 100 + 100);
    await heardOf("renewed", round + 1);
  }
  expect(await heard).toEqual(upTo(400));
});

test("a hub killed under load resumes: nothing is lost or told twice", async () => {
  const mortal = await testHub();
  const listener = await mortal.node("listener");
  const teller = await mortal.node("teller");
  const sources = [teller.spiffeId];
  const heard = hearNumbers(listener.subscribe({ afterCursor: 0n, sources, verify: true }), 599);
  for (let round = 0; round < 2; round += 1) {
    const told = tellNumbers(teller, round * 300, round * 300 + 300);
    await mortal.restart();
    await told;
  }
  expect(await heard).toEqual(upTo(600));
});

test("the outbox is bounded, and what it took arrives once the hub is back", async () => {
  const mortal = await testHub();
  const node = await mortal.node("patient", { outbox: { eventsMax: 3 } });
  await node.ready();
  await mortal.kill();
  const taken = [0, 1, 2].map(() => node.publish(TelemetrySyncSchema, {}));
  await expect(node.publish(TelemetrySyncSchema, {})).rejects.toMatchObject({
    reason: Reason.OUTBOX_FULL,
    facts: { waiting: "3", limit: "3" },
  });
  await mortal.restart();
  await Promise.all(taken);
  expect(node.status()).toMatchObject({ eventsPublished: 3, eventsWaiting: 0 });
});

test("a node that is closed says so to whoever waits", async () => {
  const mortal = await testHub();
  const node = await mortal.node("leaver");
  await node.ready();
  await mortal.kill();
  const told = node.publish(TelemetrySyncSchema, {});
  const closed = node.close();
  await expect(told).rejects.toMatchObject({ reason: Reason.NODE_CLOSED });
  await closed;
});

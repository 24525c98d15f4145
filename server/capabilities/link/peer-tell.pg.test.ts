// Two hubs of different roots that tell each other: all of it once, and nothing comes back.
import { fromBinary } from "@bufbuild/protobuf";
import { InsightReportSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { fact } from "@foedus/kernel/change.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { home, personCaller } from "../../../tests/access/callers.ts";
import type { PeerHub } from "../../../tests/support/peers.ts";
import { removes, startPeerHub, trusts } from "../../../tests/support/peers.ts";
import { until } from "../../../tests/support/until.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import { event } from "../event/index.ts";
import { identity } from "../identity/index.ts";
import { node } from "../node/index.ts";
import { link } from "./index.ts";

const column = [identity, node, link, event];
const types = ["insight_report"];
const wish = { tell: types, take: types, call: true };
const rounds = 1_000;
const page = 100;

let a: PeerHub;
let b: PeerHub;
beforeAll(async () => {
  [a, b] = await Promise.all([startPeerHub("a.test", column), startPeerHub("b.test", column)]);
});
afterAll(() => Promise.all([a, b].map(({ local }) => local.stop())));

/** Decides something that its hub signs and tells. */
async function insights({ local, domain }: PeerHub, from: number, count: number): Promise<void> {
  const reports = Array.from({ length: count }, (_, at) =>
    fact(InsightReportSchema, `${domain}/${from + at}`, { summary: "all is well" }),
  );
  await local.hub.storage.tenant(home, (tx) => tell(tx, reports));
}

const reader = ({ local }: PeerHub) =>
  local.hub.calls.as(EventService, personCaller(home, Role.ADMIN));

/** All insights of a hub's log, in order. */
async function heard(hub: PeerHub): Promise<StoredEvent[]> {
  const found: StoredEvent[] = [];
  for await (const { item } of reader(hub).subscribe({ afterCursor: 0n, types, untilHead: true })) {
    if (item.case === "delivery") found.push(...item.value.events);
  }
  return found;
}

/** Resolves once a hub's log holds that many. */
async function holds(hub: PeerHub, count: number): Promise<void> {
  const enough = new AbortController();
  let found = 0;
  const live = reader(hub).subscribe({ afterCursor: 0n, types }, { signal: enough.signal });
  for await (const { item } of live) {
    if (item.case === "delivery") found += item.value.events.length;
    if (found >= count) break;
  }
  enough.abort();
}

const subjectsOf = (events: readonly StoredEvent[], source: PeerHub) =>
  events
    .map((one) => fromBinary(EventSchema, one.event))
    .filter((one) => one.source === source.local.hub.identity.spiffeId)
    .map((one) => one.subject)
    .toSorted();

const named = ({ domain }: PeerHub, count: number) =>
  Array.from({ length: count }, (_, at) => `${domain}/${at}`).toSorted();

async function peerAt(hub: PeerHub, trustDomain: string) {
  const { peers } = await hub.operator().listPeers({});
  return peers.find((one) => one.trustDomain === trustDomain);
}

test("two hubs that tell each other everything do not echo", async () => {
  await trusts(a, b, wish);
  await trusts(b, a, wish);
  for (let from = 0; from < rounds; from += page) {
    await Promise.all([insights(a, from, page), insights(b, from, page)]);
  }
  await Promise.all([holds(a, 2 * rounds), holds(b, 2 * rounds)]);
  for (const [hub, other] of [
    [a, b],
    [b, a],
  ] as const) {
    // Both have looked at all that came from the other one, and found nothing to tell.
    const last = (await heard(hub)).at(-1)?.cursor ?? 0n;
    await until(async () => {
      const place = (await peerAt(hub, other.domain))?.toldCursor ?? 0n;
      expect(place).toBeGreaterThanOrEqual(last);
    });
  }
  for (const hub of [a, b]) {
    const events = await heard(hub);
    expect(events.length).toBe(2 * rounds);
    expect(subjectsOf(events, a)).toEqual(named(a, rounds));
    expect(subjectsOf(events, b)).toEqual(named(b, rounds));
  }
  expect((await peerAt(a, "b.test"))?.tellError).toBe("");
  await until(async () => {
    expect((await peerAt(a, "b.test"))?.takenEvents).toBe(BigInt(rounds));
  });
});

test("what was told is as provable as at home, and stays so without the peer", async () => {
  const spiffeId = b.local.hub.identity.spiffeId;
  const told = (await heard(a)).find(
    (one) => fromBinary(EventSchema, one.event).source === spiffeId,
  );
  const evidence = () => reader(a).getEvent({ cursor: told?.cursor ?? 0n });
  const key = b.local.hub.identity.signingKey.publicKey;
  expect(await evidence()).toMatchObject({ publicKey: key, verified: true });
  await removes(a, "b.test");
  expect(await evidence()).toMatchObject({ publicKey: key, verified: true });
});

test("telling goes on where it stopped, after each of the two was away", async () => {
  // `a` does not trust `b` any more: what `b` tells waits until it does.
  await insights(b, rounds, 3);
  await until(async () => {
    expect((await peerAt(b, "a.test"))?.tellError).not.toBe("");
  });
  await b.local.stop({ keep: true });
  b = await startPeerHub("b.test", column, b.local);
  await trusts(a, b, wish);
  await until(async () => {
    expect(subjectsOf(await heard(a), b)).toEqual(named(b, rounds + 3));
  });
  // The other one has it before we have noted that it does.
  await until(async () => {
    expect((await peerAt(b, "a.test"))?.tellError).toBe("");
  });
});

test("what the other one does not take is left out, and said", async () => {
  await trusts(a, b, { ...wish, take: ["trust_aggregate"] });
  await insights(b, rounds + 3, 1);
  await until(async () => {
    expect((await peerAt(b, "a.test"))?.tellError).toContain("insight_report is not taken");
  });
  expect(subjectsOf(await heard(a), b)).toEqual(named(b, rounds + 3));
});

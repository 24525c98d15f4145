// Telling and hearing over real sockets, with the certificate of a node that joined.
import { createClient } from "@connectrpc/connect";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { stranger } from "@foedus/kernel/caller.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { eventOf, freely, personOf, signed } from "../../../tests/support/joined.ts";
import {
  admissionIn,
  enrollRequest,
  materialOf,
  newJoiner,
  newRequestId,
} from "../../../tests/support/joiner.ts";
import { transportWith, type Protocol } from "../../../tests/support/wire.ts";

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: freely });
});
afterAll(() => local.stop());

async function dial(protocol: Protocol) {
  const admin = local.hub.calls.as(IdentityService, personOf(Role.ADMIN));
  const { secret } = await admin.createToken({ requestId: newRequestId() });
  const who = await newJoiner();
  const joiner = local.hub.calls.as(IdentityService, stranger("joiner", "192.0.2.1"));
  const admission = admissionIn(await joiner.enroll(enrollRequest(who, secret)));
  const address = `https://${local.running.status().nodeAddress}`;
  const transport = transportWith(address, materialOf(who, admission), protocol);
  const events = createClient(EventService, transport);
  const nodes = createClient(NodeService, transport);
  await nodes.registerNode({ requestId: newRequestId(), profile: { project: "atlas" } });
  return { events, nodes, who, spiffeId: admission.spiffeId };
}

const size = 8;
const batches = 20;

for (const protocol of ["grpc", "connect"] as const) {
  test(`a stream of batches over ${protocol} is heard by who listens`, async () => {
    const [teller, listener] = [await dial(protocol), await dial(protocol)];
    const ending = new AbortController();
    const wish = { sources: [teller.spiffeId] };
    const items = listener.events.subscribe(wish, { signal: ending.signal });
    const stream = items[Symbol.asyncIterator]();
    const first = await stream.next();
    expect(first.done === true ? undefined : first.value.item.case).toBe("head");
    const { who, spiffeId } = teller;
    const requests = Array.from({ length: batches }, (_, n) => {
      const events = Array.from({ length: size }, (_none, at) =>
        eventOf(spiffeId, TelemetrySyncSchema, {}, { sequence: BigInt(n * size + at + 1) }),
      );
      return { batch: signed({ key: who.identity }, events) };
    });
    const answer = await teller.events.publishStream(eachOf(requests));
    expect(answer).toMatchObject({ accepted: BigInt(batches * size), duplicates: 0n });
    let heard = 0;
    while (heard < batches * size) {
      const step = await stream.next();
      if (step.done === true) throw new Error("the stream ended");
      if (step.value.item.case === "delivery") heard += step.value.item.value.events.length;
    }
    ending.abort();
  });
}

async function* eachOf<T>(items: readonly T[]): AsyncGenerator<T, void, void> {
  yield* items;
}

test("a hub that stops tells its streams once where to go on", async () => {
  const node = await dial("grpc");
  const hear = async (items: AsyncIterable<{ item: { case?: string } }>, seen: string[]) => {
    for await (const { item } of items) seen.push(item.case ?? "");
  };
  const [events, nodes]: [string[], string[]] = [[], []];
  const watching = node.nodes.watchNodes({})[Symbol.asyncIterator]();
  await watching.next();
  const subscribing = node.events.subscribe({})[Symbol.asyncIterator]();
  await subscribing.next();
  const done = Promise.all([
    hear({ [Symbol.asyncIterator]: () => subscribing }, events),
    hear({ [Symbol.asyncIterator]: () => watching }, nodes),
  ]);
  await local.stop();
  await done;
  expect(events.filter((one) => one === "reconnect")).toHaveLength(1);
  expect(nodes.filter((one) => one === "reconnect")).toHaveLength(1);
  expect([events.at(-1), nodes.at(-1)]).toEqual(["reconnect", "reconnect"]);
});

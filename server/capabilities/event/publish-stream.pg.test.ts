import { create, fromBinary } from "@bufbuild/protobuf";
import { createContextValues, createHandlerContext } from "@connectrpc/connect";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Batch } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import {
  EventService,
  PublishStreamRequestSchema,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { newSigningKey } from "@foedus/kernel/signing.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import {
  eventOf,
  freely,
  registeredNode,
  signed,
  type JoinedNode,
} from "../../../tests/support/joined.ts";
import { callerKey } from "../../runtime/caller.ts";
import { publishRpc } from "./publish.rpc.ts";
import { publisher } from "./publish.store.ts";
import { Refusals } from "./refused.ts";
import { openSigners } from "./signer.rpc.ts";

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: freely });
});
afterAll(() => local.stop());

const size = 16;

function batchesOf(node: JoinedNode, first: number, last: number): Batch[] {
  return Array.from({ length: last - first }, (_, n) =>
    signed(
      node,
      Array.from({ length: size }, (_none, at) => {
        const sequence = BigInt((first + n) * size + at + 1);
        return eventOf(node.spiffeId, TelemetrySyncSchema, {}, { sequence });
      }),
    ),
  );
}

/** As the stream's handler is called behind the guards. */
function send(node: JoinedNode, batches: readonly Batch[]) {
  const { publishStream } = publishRpc(
    local.hub,
    publisher(local.hub.storage),
    openSigners(local.hub),
    new Refusals(),
  );
  const context = createHandlerContext({
    service: EventService,
    method: EventService.method.publishStream,
    protocolName: "test",
    requestMethod: "POST",
    url: "test:/",
    contextValues: createContextValues().set(callerKey, node.caller),
  });
  return publishStream(requestsOf(batches), context);
}

async function* requestsOf(batches: readonly Batch[]) {
  for (const batch of batches) yield create(PublishStreamRequestSchema, { batch });
}

async function sequencesOf(node: JoinedNode): Promise<number[]> {
  const wish = { afterCursor: 0n, untilHead: true, sources: [node.spiffeId] };
  const heard: number[] = [];
  for await (const { item } of node.events.subscribe(wish)) {
    if (item.case !== "delivery") continue;
    heard.push(
      ...item.value.events.map(({ event }) => Number(fromBinary(EventSchema, event).sequence)),
    );
  }
  return heard;
}

test("a stream of batches is stored in order, and answered once all are durable", async () => {
  const node = await registeredNode(local.hub);
  const answer = await send(node, batchesOf(node, 0, 60));
  expect(answer).toMatchObject({ accepted: BigInt(60 * size), duplicates: 0n });
  const expected = Array.from({ length: 60 * size }, (_, at) => at + 1);
  expect(await sequencesOf(node)).toEqual(expected);
  const again = await send(node, batchesOf(node, 50, 62));
  expect(again).toMatchObject({ accepted: BigInt(2 * size), duplicates: BigInt(10 * size) });
});

test("a bad batch ends the stream; those before it are stored", async () => {
  const node = await registeredNode(local.hub);
  const [one, two, three] = batchesOf(node, 0, 3);
  if (one === undefined || two === undefined || three === undefined) throw new Error("three");
  const forged = signed({ key: newSigningKey() }, [
    eventOf(node.spiffeId, TelemetrySyncSchema, {}),
  ]);
  const { signature } = forged;
  const sent = send(node, [one, { ...two, signature }, three]);
  await expect(sent).rejects.toThrow(Fault);
  await sent.catch((error: unknown) => {
    expect(error instanceof Fault && error.reason).toBe(Reason.EVENT_SIGNATURE_INVALID);
  });
  const stored = await sequencesOf(node);
  expect(stored.slice(0, size)).toEqual(Array.from({ length: size }, (_, at) => at + 1));
});

import type { Interceptor } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { expect, test } from "vitest";
import { column } from "../../../tests/support/column.ts";
import { ownerSecret, startBareHub } from "../../../tests/support/hub.bare.ts";

const told = 5;
const events = column(EventService, {
  async *subscribe() {
    for (let n = 0; n < told; n++) yield { item: { case: "head", value: { cursor: BigInt(n) } } };
  },
});

/** Waits after the answer has begun, as one that traces or audits might. */
const waiting: Interceptor = (next) => async (request) => {
  request.header.set("authorization", `Bearer ${ownerSecret}`);
  const answer = await next(request);
  await new Promise((resolve) => setTimeout(resolve, 15));
  return answer;
};

/**
 * Node 24.20 to at least 26.10 break nearly all of these (nodejs/node#65677). While this holds, the
 * pinned Node may be upgraded; once it does not, clients need the SDK's eager interceptor.
 */
test.each([
  ["Connect", createConnectTransport],
  ["gRPC", createGrpcTransport],
] as const)(
  "on this Node a client that waits loses no stream over %s",
  async (_name, transport) => {
    await using hub = await startBareHub({
      capabilities: [events],
      values: { stream_rate: "100000" },
    });
    const options = { baseUrl: hub.web, httpVersion: "2" as const, interceptors: [waiting] };
    const client = createClient(EventService, transport(options));
    const counts = await Promise.all(
      Array.from({ length: 300 }, async () => {
        let count = 0;
        for await (const { item } of client.subscribe({})) if (item.case === "head") count += 1;
        return count;
      }),
    );
    expect(counts.every((count) => count === told)).toBe(true);
  },
);

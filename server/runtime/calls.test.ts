import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import type { ListNodesRequest } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { column } from "../../tests/support/column.ts";
import type { BareHub } from "../../tests/support/hub.bare.ts";
import { person, startBareHub } from "../../tests/support/hub.bare.ts";
import { webTransport } from "../../tests/support/wire.ts";
import { callerOf } from "./caller.ts";
import { traceparent } from "./spans.ts";
import { until } from "../../tests/support/until.ts";

let hub: BareHub;
let asked: ListNodesRequest | undefined;
let askedBy = "";
let trace: string | undefined;
let live = 0;
let innerAborted = false;
let outer: (signal: AbortSignal) => Promise<unknown> = () => Promise.resolve();

const nodes = column(NodeService, {
  listNodes(request, context) {
    asked = request;
    askedBy = callerOf(context).id;
    trace = traceparent();
    return { nextPageToken: "next" };
  },
  getNode: (_request, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        innerAborted = true;
        reject(signal.reason);
      });
    }),
  retireNode() {
    throw new Fault(Reason.NOT_FOUND, { object: "node" });
  },
  async *watchNodes(_request, { signal }) {
    live += 1;
    try {
      for (let n = 0n; !signal.aborted; n++) {
        yield { item: { case: "snapshot", value: { cursor: n } } };
      }
    } finally {
      live -= 1;
    }
  },
});
const hubs = column(HubService, {
  async getStatus(_request, { signal }) {
    await outer(signal);
    return {};
  },
});

beforeAll(async () => {
  hub = await startBareHub({ capabilities: [nodes, hubs], values: { control_rate: "100000" } });
});
afterAll(() => hub.running.stop());

const loop = insideCaller("event", tenantProved("main"));

test("asking reaches the same implementation, for the given caller", async () => {
  const request = { page: { size: 7 } };
  const answer = await hub.hub.calls.as(NodeService, loop).listNodes(request);
  expect(answer).toMatchObject({
    $typeName: "foedus.node.v1.ListNodesResponse",
    nextPageToken: "next",
  });
  expect(asked?.page?.size).toBe(7);
  expect(askedBy).toBe("svc/event");
});

test("a caller who may not, may not inside either", async () => {
  const visitor = person("p", Role.OBSERVER);
  const client = hub.hub.calls.as(NodeService, visitor);
  await expect(client.setMaintenance({ requestId: "r-0000001", node: "n" })).rejects.toThrow(
    "needs person or node with role member",
  );
});

test("what breaks a rule of the schema is refused inside too, as the fault itself", async () => {
  const work = hub.hub.calls.as(NodeService, loop).listNodes({ page: { size: -1 } });
  await expect(work).rejects.toMatchObject({ name: "Fault", reason: Reason.INVALID_REQUEST });
});

test("a fault comes back as it was thrown", async () => {
  const work = hub.hub.calls
    .as(NodeService, loop)
    .retireNode({ requestId: "r-0000002", node: "n" });
  await expect(work).rejects.toMatchObject({ name: "Fault", reason: Reason.NOT_FOUND });
});

test("what nobody serves is a fault that says so", async () => {
  await expect(hub.hub.calls.as(EventService, loop).listLatest({})).rejects.toMatchObject({
    reason: Reason.NOT_SERVED,
  });
});

test("a stream is asked for as it comes, and ends with whoever leaves it", async () => {
  const cursors: bigint[] = [];
  for await (const { item } of hub.hub.calls.as(NodeService, loop).watchNodes({})) {
    if (item.case === "snapshot") cursors.push(item.value.cursor);
    if (cursors.length === 3) break;
  }
  expect(cursors).toEqual([0n, 1n, 2n]);
  await until(() => expect(live).toBe(0));
});

const spanId = "00f067aa0ba902b7";
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";

test("the trace of the call that asks goes along", async () => {
  outer = () => hub.hub.calls.as(NodeService, loop).listNodes({});
  const headers = { traceparent: `00-${traceId}-${spanId}-01` };
  await createClient(HubService, webTransport(hub)).getStatus({}, { headers });
  expect(trace).toContain(traceId);
});

test("the deadline of the call that asks goes along", async () => {
  innerAborted = false;
  outer = () => hub.hub.calls.as(NodeService, loop).getNode({ node: "n" });
  const work = createClient(HubService, webTransport(hub)).getStatus({}, { timeoutMs: 100 });
  await expect(work).rejects.toSatisfy(
    (error: unknown) => ConnectError.from(error).code === Code.DeadlineExceeded,
  );
  await until(() => expect(innerAborted).toBe(true));
});

test("loops are not counted against a rate, people are", async () => {
  await using small = await startBareHub({ capabilities: [nodes], values: { control_rate: "4" } });
  const asLoop = small.hub.calls.as(NodeService, loop);
  for (let n = 0; n < 50; n++) await asLoop.listNodes({});
  const asPerson = small.hub.calls.as(NodeService, person("p", Role.OBSERVER));
  const all = Array.from({ length: 50 }, () => asPerson.listNodes({}));
  const results = await Promise.allSettled(all);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
});

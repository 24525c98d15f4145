import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { HeartbeatRequestSchema, NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "@foedus/gen/google/rpc/error_details_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { column } from "../../../tests/support/column.ts";
import type { BareHub } from "../../../tests/support/hub.bare.ts";
import { ownerSecret, person, startBareHub } from "../../../tests/support/hub.bare.ts";
import type { Protocol } from "../../../tests/support/wire.ts";
import { nodeTransport, webTransport } from "../../../tests/support/wire.ts";

let hub: BareHub;
const forever = new Promise<never>(() => undefined);
let seenSignal: AbortSignal | undefined;

const nodes = column(NodeService, {
  heartbeat: (request) => ({ hubTimeMs: request.sentMs, nextMs: 5_000n }),
  getNode(request) {
    if (request.node === "bug") throw new Error("the password is hunter2");
    if (request.node === "not-yours") throw new Fault(Reason.NOT_YOURS, { object: "node/x" });
    return {};
  },
  listNodes(_request, context) {
    seenSignal = context.signal;
    return forever;
  },
  retireNode(request) {
    throw new Fault(Reason.NOT_FOUND, { object: `node ${request.node}` });
  },
});

beforeAll(async () => {
  const hubs = column(HubService, { getStatus: () => ({}), getConfig: () => ({}) });
  hub = await startBareHub({
    capabilities: [nodes, hubs, column(EventService, {})],
    values: { call_ms_max: "300", heartbeat_rate: "60", request_bytes_max: "4096" },
  });
  hub.sessions.set("observer-secret", person("olga", Role.OBSERVER));
});
afterAll(() => hub.running.stop());

const protocols: readonly Protocol[] = ["connect", "grpc"];

async function failure(work: Promise<unknown>): Promise<ConnectError> {
  return await work.then(
    () => expect.fail("it passed"),
    (error: unknown) => ConnectError.from(error),
  );
}

function reasonIn(error: ConnectError): string | undefined {
  return error.findDetails(ErrorInfoSchema)[0]?.reason;
}

test.each(protocols)("a node with its certificate is served over %s", async (protocol) => {
  const client = createClient(NodeService, await nodeTransport(hub, "n1", { protocol }));
  const answer = await client.heartbeat({ epoch: 1n, sequence: 1n, sentMs: 7n, health: 1 });
  expect(answer.hubTimeMs).toBe(7n);
});

test.each(protocols)("a broken rule is named, field and all, over %s", async (protocol) => {
  const client = createClient(NodeService, await nodeTransport(hub, "n2", { protocol }));
  const error = await failure(client.heartbeat({ epoch: 0n, sequence: 1n }));
  expect(error.code).toBe(Code.InvalidArgument);
  expect(reasonIn(error)).toBe("INVALID_REQUEST");
  const [violation] = error.findDetails(BadRequestSchema)[0]?.fieldViolations ?? [];
  expect(violation?.field).toBe("epoch");
});

test.each(protocols)(
  "a bug is an incident, its cause only in the log, over %s",
  async (protocol) => {
    const client = createClient(NodeService, await nodeTransport(hub, "n3", { protocol }));
    const error = await failure(client.getNode({ node: "bug" }));
    expect(error.code).toBe(Code.Internal);
    expect(JSON.stringify([error.message, error.details])).not.toContain("hunter2");
    const incident = error.findDetails(ErrorInfoSchema)[0]?.metadata["incident"] ?? "none";
    expect(hub.logLines.find((line) => line.includes(incident))).toContain("hunter2");
  },
);

test.each(protocols)("a fault keeps its reason, facts, cause and fix over %s", async (protocol) => {
  const client = createClient(NodeService, await nodeTransport(hub, "n4", { protocol }));
  const error = await failure(client.getNode({ node: "not-yours" }));
  expect(error.code).toBe(Code.PermissionDenied);
  expect(error.rawMessage).toBe("node/x belongs to somebody else");
  const info = error.findDetails(ErrorInfoSchema)[0];
  expect(info).toMatchObject({ reason: "NOT_YOURS", domain: "foedus.dev" });
  expect(info?.metadata["object"]).toBe("node/x");
  expect(info?.metadata["fix"]).toContain("admin");
});

test.each(protocols)(
  "a handler that never answers ends with the hub's deadline over %s",
  async (p) => {
    const client = createClient(NodeService, await nodeTransport(hub, "n5", { protocol: p }));
    const error = await failure(client.listNodes({}));
    expect(error.code).toBe(Code.DeadlineExceeded);
    expect(reasonIn(error)).toBe("DEADLINE_EXCEEDED");
    expect(seenSignal?.aborted).toBe(true);
  },
);

test.each(protocols)(
  "a caller over its rate is told when to come back over %s",
  async (protocol) => {
    const client = createClient(
      NodeService,
      await nodeTransport(hub, `fast-${protocol}`, { protocol }),
    );
    const beat = (sequence: bigint) => client.heartbeat({ epoch: 1n, sequence, health: 1 });
    let error: ConnectError | undefined;
    for (let n = 1n; n < 40n && error === undefined; n++) {
      error = await beat(n).then(() => undefined, ConnectError.from);
    }
    expect(error?.code).toBe(Code.ResourceExhausted);
    const [retry] = error?.findDetails(RetryInfoSchema) ?? [];
    expect(Number(retry?.retryDelay?.nanos) + Number(retry?.retryDelay?.seconds)).toBeGreaterThan(
      0,
    );
  },
);

const garbage = Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x01);
const tooLarge = toBinary(
  HeartbeatRequestSchema,
  create(HeartbeatRequestSchema, { epoch: 1n, sequence: 1n, reasons: ["x".repeat(8_000)] }),
);

/** Sends bytes as the message of GetConfig, in the framing of each protocol. */
async function sendBytes(type: string, bytes: Uint8Array): Promise<ConnectError> {
  const framed = type === "connect" ? bytes : Buffer.concat([frameHead(bytes.length), bytes]);
  const contentType = { connect: "application/proto", "grpc-web": "application/grpc-web+proto" };
  const response = await fetch(`${hub.web}/foedus.hub.v1.HubService/GetConfig`, {
    method: "POST",
    headers: {
      "content-type": contentType[type as keyof typeof contentType],
      authorization: `Bearer ${ownerSecret}`,
    },
    body: framed,
  });
  const text = Buffer.from(await response.arrayBuffer()).toString("latin1");
  const json = /"code":"(\w+)"/.exec(text)?.[1];
  const status = /grpc-status: ?(\d+)/.exec(text)?.[1];
  const code = json === undefined ? Number(status ?? response.headers.get("grpc-status")) : json;
  return new ConnectError(String(code));
}

function frameHead(length: number): Uint8Array {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(length, 1);
  return head;
}

test.each([
  ["connect", "invalid_argument", "resource_exhausted"],
  ["grpc-web", String(Code.InvalidArgument), String(Code.ResourceExhausted)],
])("over %s unreadable bytes are %s and too many are %s", async (type, unreadable, tooMany) => {
  expect((await sendBytes(type, garbage)).rawMessage).toBe(unreadable);
  expect((await sendBytes(type, tooLarge)).rawMessage).toBe(tooMany);
});

test("who is known but may not is refused by role, and that is written down", async () => {
  const client = createClient(HubService, webTransport(hub, { secret: "observer-secret" }));
  await client.getStatus({});
  const error = await failure(client.getConfig({}));
  expect(error.code).toBe(Code.PermissionDenied);
  expect(reasonIn(error)).toBe("NOT_ALLOWED");
  expect(hub.refusals).toContainEqual({
    tenant: "main",
    caller: "person/olga",
    method: "foedus.hub.v1.HubService/GetConfig",
    requestId: "",
    outcome: "NOT_ALLOWED",
  });
});

test("who proved nothing is told to sign in", async () => {
  const client = createClient(HubService, webTransport(hub, { secret: "" }));
  const error = await failure(client.getStatus({}));
  expect(error.code).toBe(Code.Unauthenticated);
});

test("a decision that fails is written down with its request_id", async () => {
  const client = createClient(NodeService, await nodeTransport(hub, "n6"));
  await failure(client.retireNode({ requestId: "request-1", node: "ghost" }));
  const [refusal] = hub.refusals.filter(({ requestId }) => requestId === "request-1");
  expect(refusal).toMatchObject({
    outcome: "NOT_FOUND",
    method: "foedus.node.v1.NodeService/RetireNode",
  });
});

test("a method for nodes does not exist on the web listener", async () => {
  const client = createClient(NodeService, webTransport(hub));
  const error = await failure(client.heartbeat({ epoch: 1n, sequence: 1n }));
  expect(error.code).toBe(Code.Unimplemented);
});

test("what the meters counted can be read", async () => {
  const text = await (await fetch(`${hub.web}/metrics`)).text();
  expect(text).toMatch(
    /foedus_rpc_total\{method="foedus.node.v1.NodeService\/Heartbeat",code="ok"/,
  );
  expect(text).toMatch(/foedus_refusal_total\{reason="NOT_ALLOWED"/);
  expect(text).toMatch(/foedus_connection\{listener="node"/);
  expect(text).toMatch(/foedus_event_loop_lag_ms/);
});

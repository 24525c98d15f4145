import { ChannelCredentials, Client, Metadata } from "@grpc/grpc-js";
import { createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DescMethod } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { CapabilityState, Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import {
  Health,
  HealthCheckRequestSchema,
  HealthCheckResponse_ServingStatus as Status,
} from "@foedus/gen/grpc/health/v1/health_pb.js";
import { ServerReflection } from "@foedus/gen/grpc/reflection/v1/reflection_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { column } from "../../tests/support/column.ts";
import type { BareHub } from "../../tests/support/hub.bare.ts";
import { nodeUri, startBareHub } from "../../tests/support/hub.bare.ts";
import { nodeTransport, webTransport } from "../../tests/support/wire.ts";
import { fastWorld } from "../../tests/support/world.fast.ts";
import { until } from "../../tests/support/until.ts";

const nodes = column(NodeService, { heartbeat: (request) => ({ hubTimeMs: request.sentMs }) });
let mended = false;
const broken = {
  ...column(EventService, {}),
  name: "event",
  tier: Tier.P1,
  start: () =>
    mended
      ? column(EventService, {}).start(hub.hub)
      : Promise.reject(new Error("the table is missing")),
};

let hub: BareHub;
beforeAll(async () => {
  const hubs = column(HubService, {});
  hub = await startBareHub({ capabilities: [nodes, hubs, broken], world: fastWorld(10) });
});
afterAll(() => hub.running.stop());

test("health is told to anybody on the listener, for the hub and for each service", async () => {
  for (const transport of [await nodeTransport(hub, "n1"), webTransport(hub, { secret: "" })]) {
    const client = createClient(Health, transport);
    expect(await client.check({})).toMatchObject({ status: Status.SERVING });
    const { status } = await client.check({ service: NodeService.typeName });
    expect(status).toBe(Status.SERVING);
    await expect(client.check({ service: "no.such.Service" })).rejects.toSatisfy(
      (error: unknown) => ConnectError.from(error).code === Code.NotFound,
    );
  }
});

test("a revoked certificate still hears health, and nothing else", async () => {
  hub.revoked.add(nodeUri("out"));
  const transport = await nodeTransport(hub, "out");
  expect(await createClient(Health, transport).check({})).toMatchObject({ status: Status.SERVING });
  const beat = createClient(NodeService, transport).heartbeat({
    epoch: 1n,
    sequence: 1n,
    health: 1,
  });
  await expect(beat).rejects.toThrow("revoked");
});

test("a capability that fails is shown, tried again, and serves once it can", async () => {
  const shown = () => hub.running.status().capabilities.find(({ name }) => name === "event");
  expect(shown()).toMatchObject({
    state: CapabilityState.RETRYING,
    lastError: expect.stringContaining("the table is missing") as string,
  });
  const watch = createClient(Health, webTransport(hub)).watch({ service: EventService.typeName });
  const told = watch[Symbol.asyncIterator]();
  expect((await told.next()).value).toMatchObject({ status: Status.SERVICE_UNKNOWN });
  mended = true;
  expect((await told.next()).value).toMatchObject({ status: Status.SERVING });
  expect(shown()?.attempts).toBeGreaterThan(1);
});

test("health tells the end before it comes", async () => {
  const stopping = await startBareHub({ capabilities: [nodes], world: fastWorld(10) });
  const watch = createClient(Health, await nodeTransport(stopping, "n1")).watch({});
  const told = watch[Symbol.asyncIterator]();
  expect((await told.next()).value).toMatchObject({ status: Status.SERVING });
  const stopped = stopping.running.stop();
  expect((await told.next()).value).toMatchObject({ status: Status.NOT_SERVING });
  expect((await told.next()).done).toBe(true);
  await stopped;
});

async function reflect(request: Parameters<typeof asking>[0], secret?: string) {
  const client = createClient(ServerReflection, webTransport(hub, { httpVersion: "2", secret }));
  for await (const { messageResponse } of client.serverReflectionInfo(asking(request))) {
    return messageResponse;
  }
  return undefined;
}

async function* asking(messageRequest: {
  case: "listServices" | "fileContainingSymbol" | "fileByFilename";
  value: string;
}) {
  yield { messageRequest };
}

test("reflection names every service, and gives files from which they can be called", async () => {
  const listed = await reflect({ case: "listServices", value: "" });
  if (listed?.case !== "listServicesResponse") return expect.fail(listed?.case);
  const names = listed.value.service.map(({ name }) => name);
  expect(names).toContain(NodeService.typeName);
  const found = await reflect({
    case: "fileContainingSymbol",
    value: `${NodeService.typeName}.Heartbeat`,
  });
  if (found?.case !== "fileDescriptorResponse") return expect.fail(found?.case);
  const file = found.value.fileDescriptorProto.map((bytes) =>
    fromBinary(FileDescriptorProtoSchema, bytes),
  );
  const [first, ...imported] = file;
  if (first === undefined) return expect.fail("no file");
  const set = create(FileDescriptorSetSchema, { file: [...imported, first] });
  const registry = createFileRegistry(set);
  const methods = registry.getService(NodeService.typeName)?.methods.map(({ name }) => name);
  expect(methods).toEqual(NodeService.methods.map(({ name }) => name));
});

test("reflection is for those who are known", async () => {
  await expect(reflect({ case: "listServices", value: "" }, "")).rejects.toThrow("no session");
});

/** A client of grpc-js that speaks our messages. */
async function grpcJs(): Promise<Client> {
  const { key, chain, roots } = await hub.authority.issue({ uris: [nodeUri("other")] });
  const pem = (text: string) => Buffer.from(text);
  const credentials = ChannelCredentials.createSsl(pem(roots.join("\n")), pem(key), pem(chain));
  const options = { "grpc.ssl_target_name_override": "localhost" };
  return new Client(new URL(hub.node).host, credentials, options);
}

function callGrpcJs(client: Client, method: DescMethod, bytes: Uint8Array): Promise<Buffer> {
  const path = `/${method.parent.typeName}/${method.name}`;
  const same = (value: Buffer) => value;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, same, same, Buffer.from(bytes), new Metadata(), (error, value) =>
      error === null && value !== undefined
        ? resolve(value)
        : reject(error ?? new Error("nothing")),
    );
  });
}

test("grpc-js over mutual TLS hears health, a fault's words and its details", async () => {
  const client = await grpcJs();
  const request = toBinary(HealthCheckRequestSchema, create(HealthCheckRequestSchema, {}));
  expect([...(await callGrpcJs(client, Health.method.check, request))]).toEqual([
    8,
    Status.SERVING,
  ]);
  const garbage = Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x01);
  const error: unknown = await callGrpcJs(client, NodeService.method.heartbeat, garbage).catch(
    (e: unknown) => e,
  );
  expect(error).toMatchObject({
    code: Code.InvalidArgument,
    details: expect.stringContaining("not protobuf") as string,
  });
  const metadata =
    error instanceof Error && "metadata" in error ? (error.metadata as Metadata) : undefined;
  expect(String(metadata?.get("grpc-status-details-bin")[0])).toContain("INVALID_REQUEST");
  client.close();
});

test("nothing is left waiting for a change once its caller has gone", async () => {
  const stop = new AbortController();
  const client = createClient(Health, webTransport(hub));
  const told = client.watch({}, { signal: stop.signal })[Symbol.asyncIterator]();
  await told.next();
  const before = await openCalls();
  stop.abort();
  await until(async () => expect(await openCalls()).toBeLessThan(before));
});

async function openCalls(): Promise<number> {
  const text = await (await fetch(`${hub.web}/metrics`)).text();
  return Number(/foedus_call\{listener="web"\} (\d+)/.exec(text)?.[1]);
}

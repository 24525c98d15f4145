// What becomes of a call on its stream: who may be slow, who may leave, and which door it takes.
import { once } from "node:events";
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { connect } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { BatchSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import {
  EventService,
  PublishStreamRequestSchema,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { column } from "../../../../tests/support/column.ts";
import { frame, frameOf, headerBlock, rawSession } from "../../../../tests/support/frames.ts";
import type { BareHub } from "../../../../tests/support/hub.bare.ts";
import { nodeUri, ownerSecret, startBareHub } from "../../../../tests/support/hub.bare.ts";
import { until } from "../../../../tests/support/until.ts";
import { LeanContext } from "./context.ts";

const told = { yielded: 0, taken: 0, live: 0, isLean: false };
let open = Promise.withResolvers<void>();

const hubs = column(HubService, {
  getStatus(_request, context) {
    told.isLean = context instanceof LeanContext;
    return {};
  },
});
const events = column(EventService, {
  async *subscribe() {
    told.live += 1;
    try {
      const reason = "x".repeat(16_000);
      for (;;) {
        told.yielded += 1;
        yield { item: { case: "gap", value: { fromCursor: 1n, toCursor: 1n, reason } } };
      }
    } finally {
      told.live -= 1;
    }
  },
  async publishStream(requests) {
    told.live += 1;
    try {
      for await (const { batch } of requests) {
        told.taken += batch?.events.length ?? 0;
        await open.promise;
      }
      return { accepted: BigInt(told.taken) };
    } finally {
      told.live -= 1;
    }
  },
});
const nodes = column(NodeService, {});

let hub: BareHub;
let session: ClientHttp2Session;
beforeAll(async () => {
  hub = await startBareHub({ capabilities: [hubs, events, nodes] });
});
afterAll(() => hub.running.stop());
beforeEach(async () => {
  Object.assign(told, { yielded: 0, taken: 0, isLean: false });
  open = Promise.withResolvers();
  session = connect(hub.web);
  session.on("error", () => undefined);
  await once(session, "connect");
  return () => session.destroy();
});

const status = "/foedus.hub.v1.HubService/GetStatus";
const subscribe = "/foedus.event.v1.EventService/Subscribe";
const publish = "/foedus.event.v1.EventService/PublishStream";

function begin(
  path: string,
  headers: OutgoingHttpHeaders,
  to: ClientHttp2Session = session,
): ClientHttp2Stream {
  const own = { ":method": "POST", ":path": path };
  const proof = to === session ? { authorization: `Bearer ${ownerSecret}` } : {};
  const stream = to.request({ ...own, ...proof, ...headers }, { endStream: false });
  stream.on("error", () => undefined);
  return stream;
}

/** A small call, whole: what was sent before it has been looked at when it is answered. */
async function roundTrip(headers: OutgoingHttpHeaders = {}, body = ""): Promise<unknown> {
  const stream = begin(status, { "content-type": "application/proto", ...headers });
  stream.resume().end(body);
  const [head] = (await once(stream, "response")) as [Record<string, unknown>];
  await once(stream, "close");
  return head[":status"];
}

test.each<[string, OutgoingHttpHeaders, string, boolean]>([
  ["protobuf", {}, "", true],
  ["JSON", { "content-type": "application/json" }, "{}", true],
  ["gRPC", { "content-type": "application/grpc" }, "\0\0\0\0\0", true],
  ["gRPC-Web", { "content-type": "application/grpc-web+proto" }, "\0\0\0\0\0", true],
  ["an encoding that is none", { "content-encoding": "identity" }, "", true],
  ["a charset", { "content-type": "application/json; charset=utf-8" }, "{}", false],
  ["another spelling", { "content-type": "Application/Proto" }, "", false],
])("a call in %s takes the right door", async (_name, headers, body, isLean) => {
  expect(await roundTrip(headers, body)).toBe(200);
  expect(told.isLean).toBe(isLean);
});

test("a hub that is told so sends every call through the adapter", async () => {
  await using shut = await startBareHub({ capabilities: [hubs, events, nodes], lean: false });
  session.destroy();
  session = connect(shut.web);
  expect(await roundTrip()).toBe(200);
  expect(told.isLean).toBe(false);
});

test("a reader that takes nothing holds its stream still, and it goes on once it reads", async () => {
  const stream = begin(subscribe, { "content-type": "application/grpc" });
  stream.end("\0\0\0\0\0");
  await once(stream, "response");
  await until(() => expect(told.yielded).toBeGreaterThan(1));
  // What a stream's window, Node's buffers and one write more hold of messages of 16 kB.
  const most = 30;
  for (let n = 0; n < 5; n++) await roundTrip();
  expect(told.yielded).toBeLessThan(most);
  stream.resume();
  await until(() => expect(told.yielded).toBeGreaterThan(most * 2));
  stream.close();
  await until(() => expect(told.live).toBe(0));
});

test("a client that sends faster than it is read waits, and loses nothing", async () => {
  const secure = await node("eager");
  const stream = begin(publish, { "content-type": "application/grpc" }, secure);
  const [count, size] = [200, 20_000];
  for (let n = 0; n < count; n++) stream.write(published(size));
  stream.end();
  await until(() => expect(told.taken).toBe(1));
  // A stream's window, and what was handed to the session: far less than the four megabytes.
  expect(stream.writableLength).toBeGreaterThan((count * size) / 2);
  open.resolve();
  stream.resume();
  const [trailers] = (await once(stream, "trailers")) as [Record<string, unknown>];
  expect(trailers["grpc-status"]).toBe("0");
  expect(told.taken).toBe(count);
  secure.destroy();
});

test.each(["before its body", "in the middle of its body", "while it is worked on"])(
  "a client that leaves %s leaves nothing",
  async (when) => {
    const secure = await node("leaver");
    const stream = begin(publish, { "content-type": "application/grpc" }, secure);
    if (when !== "before its body") {
      const whole = published(100);
      stream.write(when === "while it is worked on" ? whole : whole.subarray(0, 30));
      await until(() => expect(told.live).toBe(1));
    }
    stream.close(8);
    await once(stream, "close");
    open.resolve();
    await until(async () => {
      expect(told.live).toBe(0);
      const figures = await (await fetch(`${hub.web}/metrics`)).text();
      expect(figures).toContain('foedus_call{listener="node"} 0');
    });
    secure.destroy();
  },
);

test("a session that is cut ends what is read and written in it", async () => {
  const secure = await node("cut");
  begin(publish, { "content-type": "application/grpc" }, secure).write(published(100));
  const heard = begin(subscribe, { "content-type": "application/connect+proto" }, secure);
  heard.end("\0\0\0\0\0");
  await until(() => expect(told.live).toBe(2));
  expect(hub.hub.sessions.cut(nodeUri("cut"))).toBe(1);
  open.resolve();
  await until(() => expect(told.live).toBe(0));
});

test("a call that is reset with no error as soon as it is refused leaves nothing", async () => {
  const raw = await rawSession(hub.web);
  const headers = { ":method": "POST", ":scheme": "http", ":authority": "x", ":path": status };
  const head = headerBlock({ ...headers, "content-type": "application/proto" });
  for (let id = 1; id < 40; id += 2) {
    raw.socket.write(
      Buffer.concat([
        frameOf(frame.headers, 4, id, head),
        frameOf(frame.data, 0, id, Buffer.alloc(300)),
        frameOf(frame.reset, 0, id, Buffer.alloc(4)),
      ]),
    );
  }
  raw.socket.write(frameOf(frame.ping, 0, 0, Buffer.alloc(8)));
  await until(() => expect(raw.received.get(frame.ping)).toBe(1));
  await until(async () => {
    // Whoever asks is under way as well.
    const figures = await (await fetch(`${hub.web}/metrics`)).text();
    expect(figures).toContain('foedus_call{listener="web"} 1');
  });
  raw.socket.destroy();
});

async function node(name: string): Promise<ClientHttp2Session> {
  const { key, chain, roots } = await hub.authority.issue({ uris: [nodeUri(name)] });
  const secure = connect(hub.node, { key, cert: chain, ca: [...roots], servername: "localhost" });
  secure.on("error", () => undefined);
  await once(secure, "connect");
  return secure;
}

function published(size: number): Buffer {
  const events = [new Uint8Array(size)];
  const signed = { events, keyId: new Uint8Array(8), signature: new Uint8Array(64) };
  const batch = create(BatchSchema, signed);
  const bytes = toBinary(PublishStreamRequestSchema, create(PublishStreamRequestSchema, { batch }));
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

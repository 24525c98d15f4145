import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { column } from "../../../tests/support/column.ts";
import { frame, frameOf, headerBlock, rawSession } from "../../../tests/support/frames.ts";
import type { BareHub } from "../../../tests/support/hub.bare.ts";
import { ownerSecret, startBareHub } from "../../../tests/support/hub.bare.ts";
import { webTransport } from "../../../tests/support/wire.ts";
import { fastWorld } from "../../../tests/support/world.fast.ts";
import { resetRate } from "./limits.ts";
import { slowTimes, until } from "../../../tests/support/until.ts";

let hub: BareHub;
let calls = 0;
let streaming = 0;

const hubs = column(HubService, {
  getStatus: () => {
    calls += 1;
    return {};
  },
});
const events = column(EventService, {
  async *subscribe() {
    streaming += 1;
    try {
      const reason = "x".repeat(64_000);
      for (;;) yield { item: { case: "gap", value: { fromCursor: 1n, toCursor: 1n, reason } } };
    } finally {
      streaming -= 1;
    }
  },
});

beforeEach(async () => {
  calls = 0;
  const values = {
    control_rate: "1000000",
    stream_rate: "1000000",
    connections_per_address_max: "30",
  };
  hub = await startBareHub({ capabilities: [hubs, events], world: fastWorld(30), values });
});
afterEach(() => hub.running.stop());

const headEnded = 0x4;
const allEnded = 0x5;

function headersFor(path: string, method = "POST"): Buffer {
  return headerBlock({
    ":method": method,
    ":scheme": "http",
    ":path": path,
    ":authority": "127.0.0.1",
    "content-type": "application/json",
    authorization: `Bearer ${ownerSecret}`,
  });
}

const status = "/foedus.hub.v1.HubService/GetStatus";
const cancel = Buffer.of(0, 0, 0, 8);

async function goodCall(): Promise<unknown> {
  return await createClient(HubService, webTransport(hub)).getStatus({});
}

/** Opens a stream and does something to it. */
function abuse(n: number, head: Buffer, flags: number, type: number, payload: Buffer): Buffer {
  const id = 1 + 2 * n;
  return Buffer.concat([frameOf(frame.headers, flags, id, head), frameOf(type, 0, id, payload)]);
}

const callHead = headersFor(status);
const pageHead = headersFor("/healthz", "GET");

test("rapid resets cut the session soon after the allowed number", async () => {
  const session = await rawSession(hub.web);
  const ms = await session.flood((n) => abuse(n, callHead, headEnded, frame.reset, cancel));
  expect(ms).toBeLessThan(2_000 * slowTimes);
  expect(calls).toBeLessThan(resetRate.burst * 2);
  await goodCall();
});

test.each<[string, (n: number) => Buffer]>([
  ["resets of GETs", (n) => abuse(n, pageHead, allEnded, frame.reset, cancel)],
  ["windows of zero", (n) => abuse(n, callHead, headEnded, frame.windowUpdate, Buffer.alloc(4))],
  ["settings", () => frameOf(frame.settings, 0, 0)],
  ["pings", () => frameOf(frame.ping, 0, 0, Buffer.alloc(8))],
  ["headers without end", (n) => (n === 0 ? frameOf(frame.headers, 0, 1, callHead) : filler(n))],
  ["empty headers without end", (n) => frameOf(n === 0 ? frame.headers : frame.continuation, 0, 1)],
])("a flood of %s cuts the session", async (_name, make) => {
  const session = await rawSession(hub.web);
  expect(await session.flood(make)).toBeLessThan(2_000 * slowTimes);
  await goodCall();
});

test.each([
  ["pings", frameOf(frame.ping, 0, 0, Buffer.alloc(8))],
  ["settings", frameOf(frame.settings, 0, 0)],
])("a flood of %s whose answers nobody reads cuts the session", async (_name, bytes) => {
  const session = await rawSession(hub.web);
  session.socket.pause();
  expect(await session.flood(() => bytes)).toBeLessThan(2_000 * slowTimes);
  await goodCall();
});

function filler(n: number): Buffer {
  return frameOf(frame.continuation, 0, 1, headerBlock({ [`x-${n}`]: "y".repeat(100) }));
}

test("a call without a body is ended, and its session lives on", async () => {
  const session = await rawSession(hub.web, { answers: true });
  session.socket.write(frameOf(frame.headers, headEnded, 1, headersFor(status)));
  await until(() => expect(session.received.get(frame.reset)).toBe(1));
  expect(session.socket.destroyed).toBe(false);
  session.socket.destroy();
});

test("a call whose body trickles is ended", async () => {
  const session = await rawSession(hub.web, { answers: true });
  session.socket.write(frameOf(frame.headers, headEnded, 1, headersFor(status)));
  const trickle = setInterval(
    () => session.socket.write(frameOf(frame.data, 0, 1, Buffer.from(" "))),
    100,
  );
  await until(() => expect(session.received.get(frame.reset)).toBe(1));
  clearInterval(trickle);
  session.socket.destroy();
});

test("a session that answers no ping is ended", async () => {
  const session = await rawSession(hub.web);
  expect(await session.cutAfter()).toBeLessThan(4_500 * slowTimes);
});

test("a session that answers its pings is not", async () => {
  const session = await rawSession(hub.web, { answers: true });
  await until(() => expect(session.received.get(frame.ping)).toBeGreaterThan(2));
  expect(session.socket.destroyed).toBe(false);
  session.socket.destroy();
});

/** A call's head in HTTP/1.1, and nothing after it. */
function postHead(host: string, length: number): string {
  const headers = [
    `POST ${status} HTTP/1.1`,
    `Host: ${host}`,
    "Content-Type: application/json",
    `Content-Length: ${length}`,
    `Authorization: Bearer ${ownerSecret}`,
  ];
  return `${headers.join("\r\n")}\r\n\r\n`;
}

async function tcp(): Promise<Socket> {
  const { hostname, port } = new URL(hub.web);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined).resume();
  await once(socket, "connect");
  return socket;
}

test.each([
  ["says nothing", ""],
  ["stops within the preface", "PR"],
  ["sends a preface and no settings", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ["stops within its HTTP/1.1 headers", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow:"],
  ["sends no HTTP/1.1 body", postHead("127.0.0.1", 10)],
])("a connection that %s is ended", async (_name, bytes) => {
  const socket = await tcp();
  if (bytes !== "") socket.write(bytes);
  const startMs = performance.now();
  await once(socket, "close");
  // Node itself would end one after a minute.
  expect(performance.now() - startMs).toBeLessThan(50_000);
});

test("a reader that takes nothing for long is ended, and leaves no handler", async () => {
  const session = connectHttp2(hub.web);
  session.on("error", () => undefined);
  const body = Buffer.from([0, 0, 0, 0, 2, 0x7b, 0x7d]);
  const stream = session.request({
    ":method": "POST",
    ":path": "/foedus.event.v1.EventService/Subscribe",
    "content-type": "application/connect+json",
    authorization: `Bearer ${ownerSecret}`,
  });
  stream.on("error", () => undefined);
  stream.end(body);
  await until(() => expect(streaming).toBe(1));
  await until(() => expect(streaming).toBe(0));
  session.destroy();
});

test("one address gets no more connections than it may have", async () => {
  const sockets = await Promise.all(Array.from({ length: 60 }, () => tcp()));
  await until(() => expect(sockets.filter((socket) => socket.destroyed).length).toBe(30));
  for (const socket of sockets) socket.destroy();
  await until(() => goodCall());
});

/** A valid GetStatus with so many bytes of an unknown field. */
function heavy(type: "json" | "proto", bytes: number): Uint8Array {
  if (type === "json") return Buffer.from(JSON.stringify({ filler: "x".repeat(bytes) }));
  const length = [
    (bytes & 127) | 128,
    ((bytes >> 7) & 127) | 128,
    ((bytes >> 14) & 127) | 128,
    bytes >> 21,
  ];
  return Buffer.concat([Buffer.of(0xfa, 0x01, ...length), Buffer.alloc(bytes)]);
}

test.each([
  ["json", 200_000, "ok"],
  ["json", 300_000, "resource_exhausted"],
  ["proto", 900_000, "ok"],
  ["proto", 1_200_000, "resource_exhausted"],
] as const)("a body in %s of %d bytes is %s", async (type, bytes, outcome) => {
  const response = await fetch(`${hub.web}${status}`, {
    method: "POST",
    headers: { "content-type": `application/${type}`, authorization: `Bearer ${ownerSecret}` },
    body: heavy(type, bytes),
  });
  const text = await response.text();
  expect(/"code":"(\w+)"/.exec(text)?.[1] ?? "ok").toBe(outcome);
  expect(calls).toBe(outcome === "ok" ? 1 : 0);
});

test("guesses of a secret are soon refused before anybody looks them up", async () => {
  const guess = () =>
    createClient(HubService, webTransport(hub, { secret: "wrong-secret" })).getStatus({});
  const codes = new Set<Code>();
  for (let n = 0; n < 60; n++)
    codes.add(
      await guess().then(
        () => 0 as Code,
        (error: unknown) => ConnectError.from(error).code,
      ),
    );
  expect(codes).toEqual(new Set([Code.Unauthenticated, Code.ResourceExhausted]));
});

test("headers that make no URL get an answer and no crash", async () => {
  const socket = await tcp();
  const answer = once(socket, "data");
  socket.write(`${postHead("a b", 2)}{}`);
  expect(String((await answer)[0])).toMatch(/^HTTP\/1.1 400/);
  await goodCall();
});

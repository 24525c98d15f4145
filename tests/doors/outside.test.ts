// What the lean door leaves to the adapter, or nobody serves, is answered as ever.
import { once } from "node:events";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { ownerSecret } from "../support/hub.bare.ts";
import type { Side } from "./doors.ts";
import { expectLevel, plain, same, twoHubs } from "./doors.ts";
import type { Sent } from "./raw.ts";
import { asked, envelope, exchange, pathTo, types } from "./raw.ts";

const pair = twoHubs();
afterAll(() => expectLevel(pair()));

const bytes = asked({ text: "outside", count: 1 });
const proto = { "content-type": types.connect };
const grpc = { "content-type": types.grpc };
const query = `?connect=v1&encoding=proto&message=${bytes.toString("base64url")}&base64=1`;

const requests: Readonly<Record<string, Sent>> = {
  "an unknown service": { path: "/foedus.doors.v1.NoService/Once", headers: grpc },
  "an unknown method": { path: pathTo("Never"), headers: proto },
  "a method nobody carries out": { path: pathTo("Nothing"), headers: proto },
  "the same by gRPC": { path: pathTo("Nothing"), headers: grpc },
  "a method of another door": { path: pathTo("Hidden"), headers: grpc },
  "no path": { path: "/", headers: proto },
  "a path with a slash more": { path: `${pathTo("Once")}/`, headers: proto },
  "a path with two slashes": { path: `/${pathTo("Once")}`, headers: proto },
  "a path with letters of another case": { path: pathTo("once"), headers: proto },
  "a path with a query": { path: `${pathTo("Once")}?a=b`, headers: proto, pieces: [bytes] },
  "a path in escapes": { path: pathTo("%4Fnce"), headers: proto, pieces: [bytes] },
  "an unknown type": { path: pathTo("Once"), headers: { "content-type": "text/plain" } },
  "a type with a charset": {
    path: pathTo("Once"),
    headers: { "content-type": "application/json; charset=utf-8" },
    pieces: [Buffer.from("{}")],
  },
  "a type in capitals": {
    path: pathTo("Once"),
    headers: { "content-type": "Application/Proto" },
    pieces: [bytes],
  },
  "gRPC without a codec": {
    path: pathTo("Once"),
    headers: { "content-type": "application/grpc", te: "trailers" },
    pieces: [envelope(bytes)],
  },
  "gRPC-Web without a codec": {
    path: pathTo("Once"),
    headers: { "content-type": "application/grpc-web" },
    pieces: [envelope(bytes)],
  },
  "gRPC-Web as text": {
    path: pathTo("Once"),
    headers: { "content-type": "application/grpc-web-text" },
    pieces: [Buffer.from(envelope(bytes).toString("base64"))],
  },
  "gRPC in JSON": {
    path: pathTo("Once"),
    headers: { "content-type": "application/grpc+json" },
    pieces: [envelope(Buffer.from("{}"))],
  },
  "a stream's type for a unary method": {
    path: pathTo("Once"),
    headers: { "content-type": types.connectStream },
    pieces: [envelope(bytes)],
  },
  "a unary type for a stream": { path: pathTo("Many"), headers: proto, pieces: [bytes] },
  PUT: { method: "PUT", path: pathTo("Once"), headers: proto, pieces: [bytes] },
  OPTIONS: { method: "OPTIONS", path: pathTo("Once"), headers: proto },
  HEAD: { method: "HEAD", path: "/healthz" },
  "GET of a call": { method: "GET", path: `${pathTo("Once")}${query}` },
  "GET of a call that is no reading": { method: "GET", path: `${pathTo("Decide")}${query}` },
  "GET of nothing": { method: "GET", path: "/none" },
  "GET of health": { method: "GET", path: "/healthz" },
  "gzip as Connect has it": {
    path: pathTo("Once"),
    headers: { ...proto, "content-encoding": "gzip" },
    pieces: [gzipSync(bytes)],
  },
  "what a client expects first": {
    path: pathTo("Once"),
    headers: { ...proto, expect: "100-continue" },
    pieces: [bytes],
  },
  "two encodings": {
    path: pathTo("Once"),
    headers: { ...proto, "content-encoding": "identity, gzip" },
    pieces: [bytes],
  },
  "cookies in two lines": {
    path: pathTo("Once"),
    headers: { ...proto, cookie: ["a=1", "b=2"] },
    pieces: [asked({ act: "seen" })],
  },
  "headers of one name in two lines": {
    path: pathTo("Once"),
    headers: { ...proto, "x-two": ["a", "b"], "x-blank": "" },
    pieces: [asked({ act: "seen" })],
  },
  "another authority": {
    path: pathTo("Once"),
    headers: { ...proto, ":authority": "localhost:1" },
    pieces: [asked({ act: "seen" })],
  },
  "an authority that makes no URL": {
    path: pathTo("Once"),
    headers: { ...proto, ":authority": "a b" },
    pieces: [bytes],
  },
  "an empty authority": {
    path: pathTo("Once"),
    headers: { ...proto, ":authority": "" },
    pieces: [bytes],
  },
};

test.each(Object.entries(requests))("%s", async (_, sent) => {
  const { ends } = sent;
  const heard = await same(pair(), (side) => exchange(side, { ...sent, ends }));
  expect(heard.headers[":status"] ?? heard.reset).toBeGreaterThan(0);
});

/** Sends what it is given over HTTP/1.1, and tells all that came until the connection ends. */
async function overHttp1(side: Side, text: string): Promise<string> {
  const { hostname, port } = new URL(side.hub.web);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  let told = "";
  socket.on("data", (chunk: Buffer) => (told += chunk.toString("latin1")));
  socket.write(text, "latin1");
  await once(socket, "close");
  return plain(told.replace(/date: .*\r\n/i, "").replace(/"value":"[^"]*"/g, ""));
}

const head = (path: string, more: string) =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer ${ownerSecret}\r\n${more}\r\n`;

test.each([
  [
    "a call",
    head(pathTo("Once"), "Content-Type: application/json\r\nContent-Length: 2\r\n") + "{}",
  ],
  [
    "a call in pieces",
    head(pathTo("Once"), "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n") +
      "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
  ],
  [
    "a stream",
    head(pathTo("Many"), "Content-Type: application/connect+json\r\nContent-Length: 7\r\n") +
      "\0\0\0\0\x02{}",
  ],
  [
    "a refused call",
    head(pathTo("Once"), "Content-Type: application/json\r\nContent-Length: 4\r\n") + "{]{}",
  ],
  ["an unknown path", head("/none", "Content-Length: 0\r\n")],
  [
    "gRPC, which it cannot carry",
    head(pathTo("Once"), "Content-Type: application/grpc\r\nContent-Length: 0\r\n"),
  ],
])("%s over HTTP/1.1", async (_, text) => {
  const told = await same(pair(), (side) => overHttp1(side, text));
  expect(told).toMatch(/^HTTP\/1.1 \d/);
});

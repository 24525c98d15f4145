import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request as requestHttp1 } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { column } from "../../../tests/support/column.ts";
import type { BareHub } from "../../../tests/support/hub.bare.ts";
import { ownerSecret, startBareHub } from "../../../tests/support/hub.bare.ts";

const root = mkdtempSync(join(tmpdir(), "foedus-page-"));
mkdirSync(join(root, "assets"));
writeFileSync(join(root, "index.html"), "<!doctype html><title>Foedus</title>");
writeFileSync(join(root, "assets/main-a1B2_c3D.js"), "export {};");
writeFileSync(join(root, "secret.pem"), "a key");
symlinkSync("/etc/passwd", join(root, "passwd.txt"));

const hubs = column(HubService, { getStatus: () => ({ status: { version: "1" } }) });
let hub: BareHub;
beforeAll(async () => {
  const values = { web_root: root, web_hosts: "hub.example.org" };
  hub = await startBareHub({ capabilities: [hubs], values });
});
afterAll(() => hub.running.stop());

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/** A request with exactly these headers, which fetch would not send. */
async function ask(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Answer> {
  const { hostname, port, host } = new URL(hub.web);
  const request = requestHttp1({ hostname, port, path, method, headers: { host, ...headers } });
  request.end(method === "POST" ? "{}" : undefined);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

const getStatus = "/foedus.hub.v1.HubService/GetStatus";

/** Calls GetStatus as a browser with the owner's cookie would. */
async function callWith(headers: Record<string, string>): Promise<string> {
  const cookie = `other=1; foedus_session=${ownerSecret}`;
  const answer = await ask(
    getStatus,
    { cookie, "content-type": "application/json", ...headers },
    "POST",
  );
  const { code, details } = JSON.parse(answer.text) as {
    code?: string;
    details?: { debug?: { reason?: string } }[];
  };
  return code === undefined ? "ok" : `${code} ${details?.[0]?.debug?.reason}`;
}

test("a cookie of our own page is a session", async () => {
  const { host } = new URL(hub.web);
  expect(await callWith({})).toBe("ok");
  expect(await callWith({ origin: `http://${host}`, "sec-fetch-site": "same-origin" })).toBe("ok");
  expect(await callWith({ host: "hub.example.org:80" })).toBe("ok");
  expect(await callWith({ host: "localhost:1" })).toBe("ok");
});

const refused = "permission_denied ORIGIN_REFUSED";

test.each([
  ["a rebound name", { host: "evil.example.com" }],
  ["a rebound name with our port", { host: "evil.example.com:7080" }],
  ["a name that only begins like ours", { host: "localhost.evil.example.com" }],
  ["a page of another site", { origin: "https://evil.example.com" }],
  ["a page of another port of this machine", { origin: "http://127.0.0.1:1" }],
  ["a page without an origin", { origin: "null" }],
  ["a form of another site", { "sec-fetch-site": "cross-site" }],
  ["a form of a sister site", { "sec-fetch-site": "same-site" }],
  [
    "a rebound page that agrees with itself",
    { host: "evil.example.com", origin: "http://evil.example.com" },
  ],
])("%s is refused, cookie or not", async (_name, headers) => {
  expect(await callWith(headers)).toBe(refused);
});

test("a rebound name gets no page either", async () => {
  const answer = await ask("/", { host: "evil.example.com", accept: "text/html" });
  expect(answer).toMatchObject({ status: 403 });
  expect(answer.text).not.toContain("doctype");
});

test("over HTTP/2 the authority counts", async () => {
  const session = connectHttp2(hub.web);
  const stream = session.request({
    ":path": "/",
    ":authority": "evil.example.com",
    accept: "text/html",
  });
  const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
  expect(headers[":status"]).toBe(403);
  session.destroy();
});

test("the page is served with a policy that runs nothing but its own files", async () => {
  const answer = await ask("/", { accept: "text/html" });
  expect(answer.text).toContain("<title>Foedus</title>");
  const policy = String(answer.headers["content-security-policy"]);
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ]) {
    expect(policy).toContain(part);
  }
  expect(answer.headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
  });
});

test("a deep link leads to the page, a missing asset does not", async () => {
  const page = await ask("/nodes/nod_1", { accept: "text/html,*/*" });
  expect(page.text).toContain("doctype");
  expect((await ask("/assets/gone-12345678.js", { accept: "*/*" })).status).toBe(404);
});

test("files with a hash in their name may be kept for good", async () => {
  const answer = await ask("/assets/main-a1B2_c3D.js");
  expect(answer.headers["cache-control"]).toContain("immutable");
  expect(answer.headers["content-type"]).toContain("text/javascript");
});

test.each([
  "/../../../../etc/passwd",
  "/..%2f..%2fetc/passwd",
  "/assets/../secret.pem",
  "/secret.pem",
  "/%2e%2e/secret.pem",
  "/passwd.txt",
  "//etc/passwd",
])("%s leads nowhere", async (path) => {
  const answer = await ask(path);
  expect(answer).toMatchObject({ status: 404, text: "not found\n" });
});

test("what is no GET of the page is not found", async () => {
  expect((await ask("/", {}, "POST")).status).toBe(404);
  expect((await ask("/", {}, "OPTIONS")).status).toBe(404);
});

test("health and meters answer on the machine itself", async () => {
  expect(await ask("/healthz")).toMatchObject({ status: 200, text: "ok\n" });
  expect((await ask("/metrics")).text).toContain("foedus_connection");
});

test.each([
  ["Connect over HTTP/1.1", () => createConnectTransport({ baseUrl: hub.web, httpVersion: "1.1" })],
  ["Connect over HTTP/2", () => createConnectTransport({ baseUrl: hub.web, httpVersion: "2" })],
  [
    "gRPC-Web over HTTP/1.1",
    () => createGrpcWebTransport({ baseUrl: hub.web, httpVersion: "1.1" }),
  ],
  ["gRPC-Web over HTTP/2", () => createGrpcWebTransport({ baseUrl: hub.web, httpVersion: "2" })],
  ["gRPC over HTTP/2", () => createGrpcTransport({ baseUrl: hub.web })],
])("%s is served on the one port", async (_name, transport) => {
  const headers = { authorization: `Bearer ${ownerSecret}` };
  const { status } = await createClient(HubService, transport()).getStatus({}, { headers });
  expect(status?.version).toBe("1");
});

test("the versions are told apart even when the first bytes come one by one", async () => {
  const { hostname, port } = new URL(hub.web);
  for (const [text, expected] of [
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "\0\0"],
    ["GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 200"],
    ["PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 404"],
  ] as const) {
    const socket = connect({ port: Number(port), host: hostname, noDelay: true });
    await once(socket, "connect");
    for (const byte of text) {
      socket.write(byte, "latin1");
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString("latin1").startsWith(expected)).toBe(true);
    socket.destroy();
  }
});

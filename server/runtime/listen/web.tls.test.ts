import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import type { IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAuthority } from "../../../tests/support/authority.ts";
import { column } from "../../../tests/support/column.ts";
import type { BareHub } from "../../../tests/support/hub.bare.ts";
import { ownerSecret, startBareHub } from "../../../tests/support/hub.bare.ts";

const hubs = column(HubService, { getStatus: () => ({ status: { version: "1" } }) });
let hub: BareHub;
let ca: string;
beforeAll(async () => {
  const authority = await makeAuthority();
  const { key, chain } = await authority.issue({ hosts: ["localhost"] });
  ca = authority.root;
  const folder = mkdtempSync(join(tmpdir(), "foedus-web-tls-"));
  const [certificate, keyFile] = [join(folder, "web.pem"), join(folder, "web.key")];
  writeFileSync(certificate, chain);
  writeFileSync(keyFile, key);
  const values = { web_certificate_file: certificate, web_key_file: keyFile };
  hub = await startBareHub({ capabilities: [hubs], values });
});
afterAll(() => hub.running.stop());

const headers = { authorization: `Bearer ${ownerSecret}` };

test.each([
  ["Connect over HTTP/1.1", "1.1", createConnectTransport],
  ["Connect over HTTP/2", "2", createConnectTransport],
  ["gRPC over HTTP/2", "2", createGrpcTransport],
] as const)("%s is served on the one port with TLS", async (_name, httpVersion, transport) => {
  expect(hub.web).toMatch(/^https:/);
  const nodeOptions = { ca, servername: "localhost" };
  const client = createClient(
    HubService,
    transport({ baseUrl: hub.web, httpVersion, nodeOptions }),
  );
  expect((await client.getStatus({}, { headers })).status?.version).toBe("1");
});

test("health answers over both versions", async () => {
  const session = connectHttp2(hub.web, { ca, servername: "localhost" });
  const stream = session.request({ ":path": "/healthz" });
  const [head] = (await once(stream, "response")) as [Record<string, unknown>];
  expect(head[":status"]).toBe(200);
  session.destroy();
  const request = requestHttps(`${hub.web}/healthz`, { ca, servername: "localhost" }).end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  response.resume();
});

test("slow HTTP/1.1 headers are cut behind TLS too, and old TLS is refused", async () => {
  const { port } = new URL(hub.web);
  const at = { port: Number(port), ca, servername: "localhost" };
  const slow = connect({ ...at, ALPNProtocols: ["http/1.1"] });
  slow.on("error", () => undefined).resume();
  await once(slow, "secureConnect");
  slow.write("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow:");
  const startMs = performance.now();
  await new Promise((resolve) => slow.once("close", resolve));
  // Node itself would end it after a minute.
  expect(performance.now() - startMs).toBeLessThan(50_000);
  const old = connect({ ...at, maxVersion: "TLSv1.2" });
  await expect(once(old, "secureConnect")).rejects.toThrow("protocol version");
});

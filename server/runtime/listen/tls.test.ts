import { once } from "node:events";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { connect as connectTcp } from "node:net";
import type { TLSSocket } from "node:tls";
import { connect } from "node:tls";
import { createClient } from "@connectrpc/connect";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAuthority } from "../../../tests/support/authority.ts";
import { column } from "../../../tests/support/column.ts";
import type { BareHub } from "../../../tests/support/hub.bare.ts";
import { nodeUri, startBareHub } from "../../../tests/support/hub.bare.ts";
import { nodeTransport, transportWith } from "../../../tests/support/wire.ts";
import { fastWorld } from "../../../tests/support/world.fast.ts";
import { until } from "../../../tests/support/until.ts";
import type { TlsMaterial } from "./peer.ts";

let told = 0;
const nodes = column(NodeService, {
  heartbeat: () => ({}),
  async *watchNodes(_request, { signal }) {
    while (!signal.aborted) {
      yield { item: { case: "pulses", value: {} } };
      told += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
});

let hub: BareHub;
beforeAll(async () => {
  hub = await startBareHub({ capabilities: [nodes], world: fastWorld(20) });
});
afterAll(() => hub.running.stop());

function tlsTo(url: string, material: Partial<TlsMaterial>, session?: Buffer): TLSSocket {
  const { hostname: host, port } = new URL(url);
  const { key, chain: cert, roots } = material;
  const ca = [...(roots ?? [hub.authority.root])];
  return connect({
    host,
    port: Number(port),
    key,
    cert,
    ca,
    session,
    servername: "localhost",
    ALPNProtocols: ["h2"],
  });
}

/** "let in" once the server speaks HTTP/2 with us, else why not. */
async function fate(socket: TLSSocket): Promise<string> {
  return await new Promise((resolve) => {
    socket.once("data", () => resolve("let in"));
    socket.once("error", (error: Error) => resolve(error.message));
    socket.once("close", () => resolve("closed"));
  });
}

test("a peer without a certificate dies in the handshake", async () => {
  expect(await fate(tlsTo(hub.node, {}))).toMatch(/certificate required|closed/);
});

test("a peer of a foreign authority dies in the handshake", async () => {
  const foreign = await (await makeAuthority("foreign")).issue({ uris: [nodeUri("n1")] });
  expect(await fate(tlsTo(hub.node, { ...foreign, roots: [hub.authority.root] }))).toMatch(
    /unknown ca|closed/i,
  );
});

test("the join listener asks for no certificate", async () => {
  const socket = tlsTo(hub.join, {});
  expect(await fate(socket)).toBe("let in");
  socket.destroy();
});

test("TLS 1.2 is refused", async () => {
  const { hostname: host, port } = new URL(hub.join);
  const ca = [hub.authority.root];
  const socket = connect({
    host,
    port: Number(port),
    ca,
    maxVersion: "TLSv1.2",
    servername: "localhost",
  });
  expect(await fate(socket)).toMatch(/protocol version/);
});

const lifetimeMs = 4_000;
const sessionsMax = 20;

/** Opens sessions with a certificate, and keeps what would resume them until it has lapsed. */
async function lapsedSessions(url: string, material: TlsMaterial): Promise<(Buffer | undefined)[]> {
  const startMs = performance.now();
  const kept: (Buffer | undefined)[] = [];
  // A slow machine opens fewer, and none of them late.
  const inTime = () => performance.now() - startMs < lifetimeMs / 4;
  while (kept.length === 0 || (kept.length < sessionsMax && inTime())) {
    const socket = tlsTo(url, material);
    let ticket: Buffer | undefined;
    socket.on("session", (session: Buffer) => (ticket = session));
    expect(await fate(socket)).toBe("let in");
    kept.push(ticket ?? socket.getSession());
    socket.destroy();
  }
  await until(() => expect(performance.now() - startMs).toBeGreaterThan(lifetimeMs + 1_000));
  return kept;
}

async function fatesOf(url: string, material: TlsMaterial, kept: (Buffer | undefined)[]) {
  const fates: string[] = [];
  for (let n = 0; n < 100; n++) {
    const socket = tlsTo(url, material, kept[n % kept.length]);
    fates.push(await fate(socket));
    socket.destroy();
  }
  return fates;
}

test("a lapsed certificate is let in 0 of 100 times, whatever session it kept", async () => {
  const material = await hub.authority.issue({ uris: [nodeUri("lapsing")], lifetimeMs });
  const kept = await lapsedSessions(hub.node, material);
  const fates = await fatesOf(hub.node, material, kept);
  expect(fates).toHaveLength(100);
  expect(fates).not.toContain("let in");
});

test("with tickets it would be let in, so the test above proves something", async () => {
  const own = await hub.authority.issue({ hosts: ["localhost"] });
  const tls = { key: own.key, cert: own.chain, ca: [hub.authority.root], requestCert: true };
  const server = createSecureServer({ ...tls, rejectUnauthorized: true });
  server.on("sessionError", () => undefined).on("tlsClientError", () => undefined);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const material = await hub.authority.issue({ uris: [nodeUri("lapsing")], lifetimeMs });
  const kept = await lapsedSessions(url, material);
  expect(await fatesOf(url, material, kept)).toContain("let in");
  server.close();
});

test("new certificates are shown at once, and no stream notices", async () => {
  const client = createClient(NodeService, await nodeTransport(hub, "steady"));
  const stop = new AbortController();
  const stream = client.watchNodes({}, { signal: stop.signal })[Symbol.asyncIterator]();
  await stream.next();
  const fingerprints = new Set<string>();
  for (let n = 0; n < 10; n++) {
    hub.renew(await hub.authority.issue({ hosts: ["localhost"] }));
    const socket = tlsTo(hub.join, {});
    await once(socket, "secureConnect");
    fingerprints.add(socket.getPeerCertificate().fingerprint256);
    socket.destroy();
    expect((await stream.next()).done).not.toBe(true);
    await createClient(NodeService, await nodeTransport(hub, `fresh-${n}`)).heartbeat({
      epoch: 1n,
      sequence: 1n,
      health: 1,
    });
  }
  expect(fingerprints.size).toBe(10);
  expect(told).toBeGreaterThan(10);
  stop.abort();
});

test("a renewed listener still wants certificates and still gives no tickets", async () => {
  hub.renew(await hub.authority.issue({ hosts: ["localhost"] }));
  expect(await fate(tlsTo(hub.node, {}))).toMatch(/certificate required|closed/);
  const material = await hub.authority.issue({ uris: [nodeUri("n2")] });
  const first = tlsTo(hub.node, material);
  let ticket: Buffer | undefined;
  first.on("session", (session: Buffer) => (ticket = session));
  expect(await fate(first)).toBe("let in");
  const second = tlsTo(hub.node, material, ticket ?? first.getSession());
  expect(await fate(second)).toBe("let in");
  expect(second.isSessionReused()).toBe(false);
  first.destroy();
  second.destroy();
});

test("a certificate with two identities is nobody's", async () => {
  const uris = [nodeUri("n3"), nodeUri("n4")];
  const material = await hub.authority.issue({ uris });
  const client = createClient(NodeService, transportWith(hub.node, material));
  await expect(client.heartbeat({ epoch: 1n, sequence: 1n, health: 1 })).rejects.toThrow(
    /no node's certificate/,
  );
});

test("a connection that never begins its handshake is ended", async () => {
  const { hostname, port } = new URL(hub.node);
  const socket = connectTcp(Number(port), hostname);
  const startMs = performance.now();
  await once(socket, "close");
  // Node itself would end it after two minutes.
  expect(performance.now() - startMs).toBeLessThan(60_000);
});

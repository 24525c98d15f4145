import type { AddressInfo } from "node:net";
import { once } from "node:events";
import type { TLSSocket } from "node:tls";
import { connect, createServer } from "node:tls";
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeAuthority } from "../../../tests/support/authority.ts";
import { readPeer, spiffeIdIn } from "./peer.read.ts";
import type { Peer } from "./peer.ts";

const id = "spiffe://foedus.local/tenant/main/node/n1";

/** What the server reads of a client that shows these names. */
async function peerWith(uris: readonly string[], hosts: readonly string[] = []): Promise<Peer> {
  const authority = await makeAuthority();
  const own = await authority.issue({ hosts: ["localhost"] });
  const theirs = await authority.issue({ uris, hosts });
  const server = createServer({
    key: own.key,
    cert: own.chain,
    ca: [authority.root],
    requestCert: true,
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const socket = connect({
    port,
    key: theirs.key,
    cert: theirs.chain,
    ca: [authority.root],
    servername: "localhost",
  });
  const [accepted] = (await once(server, "secureConnection")) as [TLSSocket];
  const peer = readPeer(accepted, "127.0.0.1");
  socket.destroy();
  server.close();
  return peer;
}

test("a node's certificate tells its id, serial, end and whole chain", async () => {
  const peer = await peerWith([id], ["n1.example"]);
  expect(peer.spiffeId).toBe(id);
  expect(peer.serial).toMatch(/^[0-9A-F]+$/);
  expect(peer.expireMs).toBeGreaterThan(Date.now());
  expect(peer.chain.length).toBeGreaterThanOrEqual(2);
});

test.each([
  ["two ids", [id, `${id}2`]],
  ["no id", []],
  ["an id in capitals", ["spiffe://foedus.local/Tenant/main"]],
  ["an address", ["https://foedus.local/"]],
  ["an id that tries to end its quotes", ['spiffe://foedus.local/a", URI:spiffe://foedus.local/b']],
  ["an id with a comma", ["spiffe://foedus.local/a, URI:spiffe://foedus.local/b"]],
])("a certificate with %s is nobody's", async (_name, uris) => {
  expect((await peerWith(uris)).spiffeId).toBeUndefined();
});

test("no text makes the reading throw, or yields what is no SPIFFE id", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const found = spiffeIdIn(text);
      expect(found === undefined || found.startsWith("spiffe://")).toBe(true);
    }),
  );
});

test("what is no TLS socket is nobody, and does not throw", () => {
  const broken = {
    getPeerCertificate: () => {
      throw new Error("gone");
    },
  };
  expect(readPeer(broken as never, "1").spiffeId).toBeUndefined();
  expect(readPeer({ getPeerCertificate: () => ({}) } as never, "1").spiffeId).toBeUndefined();
});

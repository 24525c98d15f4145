// A hub, and somebody who answers where a peer should: whom it believes, and what a new root does.
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { createSecureServer } from "node:http2";
import { create } from "@bufbuild/protobuf";
import { ConnectError, createClient } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { TrustBundleSchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { PeerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { signBatch } from "@foedus/kernel/batch.ts";
import { formatInvitation } from "@foedus/kernel/invitation.ts";
import type { SigningKey } from "@foedus/kernel/signing.ts";
import { newSigningKey } from "@foedus/kernel/signing.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { newRequestId } from "../../../tests/support/joiner.ts";
import type { Flaw } from "../../../tests/support/leaf.ts";
import type { PeerHub } from "../../../tests/support/peers.ts";
import { certificateOf, removes, startPeerHub } from "../../../tests/support/peers.ts";
import { transportWith } from "../../../tests/support/wire.ts";
import { until } from "../../../tests/support/until.ts";
import { event } from "../event/index.ts";
import type { Authority } from "../identity/authority.ts";
import { makeIntermediate, makeRoot } from "../identity/authority.ts";
import { identity } from "../identity/index.ts";
import { node } from "../node/index.ts";
import { link } from "./index.ts";
import { refreshPeer } from "./peer.loop.ts";
import { peerStore } from "./peer.store.ts";

const domain = "b.test";
const hubId = `spiffe://${domain}/hub/hub_1`;
const usages = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];
const type = "link.peer_changed";

let a: PeerHub;
let old: Authority;
let next: Authority;
beforeAll(async () => {
  a = await startPeerHub("a.test", [identity, node, link, event]);
  [old, next] = await Promise.all([newAuthority(), newAuthority()]);
});
afterAll(() => a.local.stop());
afterEach(async () => {
  if ((await a.operator().listPeers({})).peers.length > 0) await removes(a, domain);
});

async function newAuthority(): Promise<Authority> {
  const { clock, random } = realWorld;
  return await makeIntermediate(await makeRoot(domain, clock.now(), random), clock.now(), random);
}

const rootOf = (authority: Authority) => new Uint8Array(authority.root.rawData);

/** What a test's hub shows and says; it may change. */
interface Face {
  authority: Authority;
  spiffeId?: string;
  flaw?: Flaw;
  roots: Authority[];
  keys: SigningKey[];
  says?: string;
}

/** Answers as a hub would; returns where. */
async function answering(face: Face): Promise<number> {
  const { authority, spiffeId = hubId, flaw = {} } = face;
  const { key, chain } = await certificateOf(authority, spiffeId, { usages, ...flaw });
  const adapter = connectNodeAdapter({
    routes(router) {
      router.rpc(IdentityService.method.getTrustBundle, () => ({
        bundle: create(TrustBundleSchema, {
          trustDomain: face.says ?? domain,
          sequence: BigInt(face.keys.length),
          roots: face.roots.map(rootOf),
          signingKeys: face.keys.map(({ publicKey }) => publicKey),
        }),
      }));
    },
  });
  const server = createSecureServer({ key, cert: chain }, adapter).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const invitationTo = (port: number) =>
  formatInvitation({ host: "127.0.0.1", port, tenant: "main", caHash: old.caHash });

function add(joinPort: number, nodePort?: number) {
  return a.operator().addPeer({
    requestId: newRequestId(),
    invitation: invitationTo(joinPort),
    nodeAddress: nodePort === undefined ? "" : `127.0.0.1:${nodePort}`,
    toldTypes: nodePort === undefined ? [] : [type],
    takenTypes: [type],
  });
}

const good = (): Face => ({ authority: old, roots: [old], keys: [newSigningKey()] });
const endedMs = () => realWorld.clock.now() - 1_000;

test.each([
  [
    "speaks for another domain than its own",
    () => ({ says: "c.test" }),
    "a hub of b.test answered",
  ],
  ["shows a certificate that ended", () => ({ flaw: { toMs: endedMs() } }), "do not hold now"],
  ["shows what is for clients only", () => ({ flaw: { usages: usages.slice(1) } }), "for servers"],
  ["is a node", () => ({ spiffeId: `spiffe://${domain}/tenant/main/node/n` }), "no hub"],
])("whoever %s gives no bundle", async (_what, face, why) => {
  const port = await answering({ ...good(), ...face() });
  await expect(add(port)).rejects.toThrow(why);
});

test.each([
  ["another domain by the same root", () => ({ spiffeId: "spiffe://c.test/hub/h" }), "c.test"],
  ["the domain by another root", () => ({ authority: next }), "root we trust"],
  ["the peer with a certificate that ended", () => ({ flaw: { toMs: endedMs() } }), "has ended"],
])("%s is told nothing", async (_what, face, why) => {
  const asked = good();
  await add(await answering(asked), await answering({ ...asked, ...face() }));
  await until(async () => {
    const { peers } = await a.operator().listPeers({});
    expect(peers[0]?.tellError).toContain(why);
  });
});

let sequence = 0n;

/** A connection of the peer's hub by one of its authorities, which stays. */
async function connected(authority: Authority) {
  const material = { ...(await certificateOf(authority, hubId)), roots: a.roots };
  const client = createClient(EventService, transportWith(`https://${a.nodeAddress}`, material));
  return async (key: SigningKey): Promise<string> => {
    sequence += 1n;
    const timeMs = BigInt(a.local.hub.storage.nowMs());
    const line = { source: hubId, stream: key.publicKey.slice(0, 4).join("-"), epoch: 1n };
    const told = create(EventSchema, { type, timeMs, sequence, ...line });
    return await client.publishForeign({ batch: signBatch(key, [told]) }).then(
      ({ accepted }) => `${accepted} taken`,
      (error: unknown) => ConnectError.from(error).rawMessage,
    );
  };
}

test("a new root and a new key count once they were read, over connections that stay", async () => {
  const face = good();
  const [first = newSigningKey()] = face.keys;
  await add(await answering(face));
  const [byOld, byNext] = await Promise.all([connected(old), connected(next)]);
  expect(await byOld(first)).toBe("1 taken");
  expect(await byNext(first)).not.toContain("taken");

  const second = newSigningKey();
  expect(await byOld(second)).toContain("is not the identity key of a hub of b.test");
  face.roots.push(next);
  face.keys.push(second);
  const peers = peerStore(a.local.hub.storage);
  const [held] = await peers.readAll();
  if (held === undefined) throw new Error("there is a peer");
  await refreshPeer({ hub: a.local.hub, peers }, held, new AbortController().signal);
  await until(async () => expect(await byNext(second)).toBe("1 taken"));
  expect(await byOld(first)).toBe("1 taken");
  expect(await byOld(second)).toBe("1 taken");

  // Without the root that somebody compared nothing is taken over, and the last good one holds.
  face.roots.shift();
  face.keys.push(newSigningKey());
  await refreshPeer({ hub: a.local.hub, peers }, held, new AbortController().signal);
  const [after] = (await a.operator().listPeers({})).peers;
  expect(after).toMatchObject({ state: PeerState.TRUSTED, bundle: { sequence: 2n } });
  expect(after?.lastError).toContain("has the hash");
  expect(await byOld(first)).toBe("1 taken");
});

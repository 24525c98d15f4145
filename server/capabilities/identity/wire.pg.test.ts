// T-I2, T-I4 and T-I5 over real sockets: whom the node listener lets in, and for how long.
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import type { JsonGeneralName } from "@peculiar/x509";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { stranger } from "@foedus/kernel/caller.ts";
import { caHashOf, parseInvitation } from "@foedus/kernel/invitation.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { home, personCaller } from "../../../tests/access/callers.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import {
  admissionIn,
  enrollRequest,
  materialOf,
  newJoiner,
  newRequestId,
  renewRequest,
} from "../../../tests/support/joiner.ts";
import { mint, shown, type Flaw } from "../../../tests/support/leaf.ts";
import { transportWith } from "../../../tests/support/wire.ts";
import { slowTimes } from "../../../tests/support/until.ts";
import type { TlsMaterial } from "../../runtime/listen/peer.ts";
import { node as nodes } from "../node/index.ts";
import type { Authority } from "./authority.ts";
import { authorityFromPem, makeIntermediate, makeRoot } from "./authority.ts";
import type { Issuer } from "./certificate.ts";
import { access } from "../access/index.ts";
import { identity } from "./index.ts";
import { authorityFile } from "./recovery.ts";

const rates = { join_rate: "100000", control_rate: "100000", stream_rate: "100000" };
const dayMs = 86_400_000;
const stolenMs = 120_000;
const sessionsMax = 20;
const streamsEach = 50;

let local: LocalHub;
let authority: Authority;

beforeAll(async () => {
  local = await startLocalHub({ values: rates, capabilities: [access, identity, nodes] });
  authority = await authorityFromPem(readFileSync(authorityFile(local.data), "utf8"));
});
afterAll(() => local.stop());

const admin = () => local.hub.calls.as(IdentityService, personCaller(home, Role.ADMIN));
const address = () => `https://${local.running.status().nodeAddress}`;

async function joined() {
  const { secret } = await admin().createToken({ requestId: newRequestId() });
  const who = await newJoiner();
  const joiner = local.hub.calls.as(IdentityService, stranger("joiner", "192.0.2.1"));
  const admission = admissionIn(await joiner.enroll(enrollRequest(who, secret)));
  return { who, admission, material: materialOf(who, admission) };
}

/** "let in", or why not; each time over a connection of its own. */
async function call(material: TlsMaterial): Promise<string> {
  const client = createClient(IdentityService, transportWith(address(), material, "connect"));
  try {
    await client.listIdentities({ page: { size: 1 } });
    return "let in";
  } catch (error) {
    return ConnectError.from(error).rawMessage;
  }
}

test("the join listener shows a chain up to the root that the invitation pins", async () => {
  const { invitation } = await admin().createToken({ requestId: newRequestId() });
  const { host = "", port = 0, caHash } = parseInvitation(invitation) ?? {};
  const socket = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: ["h2"] });
  await once(socket, "secureConnect");
  const leaf = socket.getPeerCertificate(true);
  const root = leaf.issuerCertificate.issuerCertificate;
  expect(caHashOf(spkiOf(root.raw))).toBe(caHash);
  expect(leaf.subjectaltname).toContain(`URI:${local.running.status().spiffeId}`);
  expect(leaf.subjectaltname).toContain("IP Address:127.0.0.1");
  socket.destroy();
});

function spkiOf(raw: Buffer): Uint8Array {
  const hex = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
  const start = raw.indexOf(Buffer.from(hex, "hex"));
  return new Uint8Array(raw.subarray(start, start + 91));
}

test("an enrolled node is let in, also with its renewed certificate, and the old one", async () => {
  const { who, admission, material } = await joined();
  expect(await call(material)).toBe("let in");
  const client = createClient(IdentityService, transportWith(address(), material));
  const next = await newJoiner(who.identity);
  const renewed = admissionIn(await client.renew(renewRequest(next)));
  expect(renewed.nodeId).toBe(admission.nodeId);
  expect(await call(materialOf(next, renewed))).toBe("let in");
  expect(await call(material)).toBe("let in");
});

/** Names around the true one that a certificate might carry. */
function namesAround(spiffeId: string): [string, JsonGeneralName[]][] {
  const url = (value: string): JsonGeneralName => ({ type: "url", value });
  const [, domain = "", path = ""] = /^spiffe:\/\/([^/]+)(\/.*)$/.exec(spiffeId) ?? [];
  const odd = [
    `spiffe://${domain.toUpperCase()}${path}`,
    `spiffe://evil.local${path}`,
    `spiffe://${domain}:8443${path}`,
    `${spiffeId}/`,
    `${spiffeId}?a=b`,
    `${spiffeId}#a`,
    `${spiffeId}%20`,
    spiffeId.replace("/tenant/", "/tenant/./"),
    spiffeId.replace("/node/", "/node/../node/"),
    spiffeId.replace("/node/", "//node/"),
    spiffeId.replace("/tenant/main/", "/tenant/other/"),
    spiffeId.replace("/node/node_", "/node/node-"),
    `${spiffeId}/agent/a`,
    `spiffe://${domain}/hub/hub_1`,
    `https://${domain}${path}`,
  ];
  return [
    ["no name", []],
    ["two ids", [url(spiffeId), url(`${spiffeId}x`)]],
    ["the same id twice", [url(spiffeId), url(spiffeId)]],
    ["the id as a DNS name", [{ type: "dns", value: spiffeId }]],
    ...odd.map((value): [string, JsonGeneralName[]] => [value, [url(value)]]),
  ];
}

/** What may be wrong with a certificate that names the right node. */
function flawsOf(names: JsonGeneralName[], nowMs: number): [string, Flaw][] {
  return [
    ["expired", { names, fromMs: nowMs - 2 * dayMs, toMs: nowMs - dayMs }],
    ["expired a second ago", { names, toMs: nowMs - 1_000 }],
    ["not valid yet", { names, fromMs: nowMs + dayMs, toMs: nowMs + 2 * dayMs }],
    ["for servers only", { names, usages: ["1.3.6.1.5.5.7.3.1"] }],
    ["for mail only", { names, usages: ["1.3.6.1.5.5.7.3.4"] }],
    ["with a serial nobody recorded", { names, toMs: nowMs + stolenMs }],
    ["an authority", { names, ca: true, toMs: nowMs + stolenMs }],
    ["an authority of some depth", { names, ca: true, pathLength: 3, toMs: nowMs + stolenMs }],
    ["for signing certificates", { names, keyUsage: 32, toMs: nowMs + stolenMs }],
    ["on P-384", { names, curve: "P-384", toMs: nowMs + stolenMs }],
  ];
}

test(
  "of every certificate that is not quite right, none is let in",
  { timeout: 300_000 },
  async () => {
    const { admission, material } = await joined();
    const names: JsonGeneralName[] = [{ type: "url", value: admission.spiffeId }];
    const nowMs = realWorld.clock.now();
    const cases: [string, TlsMaterial][] = [];
    const flaws = flawsOf(names, nowMs);
    const roots = material.roots;
    const add = async (
      what: string,
      issuer: Issuer | undefined,
      above: Authority["root"][],
      flaw: Flaw,
    ) => {
      const leaf = await mint(issuer, admission.nodeId, flaw);
      cases.push([what, { ...(await shown(leaf, above)), roots }]);
    };
    const own = authority.issuer;
    for (const [what, flaw] of flaws) await add(`ours, ${what}`, own, [own.certificate], flaw);
    for (const [what, odd] of namesAround(admission.spiffeId)) {
      await add(`ours, with ${what}`, own, [own.certificate], { names: odd });
    }
    const foreign = await foreignAuthority();
    for (const [who, issuer, above] of await signers(foreign)) {
      await add(`${who}, good`, issuer, above, { names });
      for (const [what, flaw] of flaws) await add(`${who}, ${what}`, issuer, above, flaw);
      for (const [what, odd] of namesAround(admission.spiffeId)) {
        await add(`${who}, with ${what}`, issuer, above, { names: odd });
      }
    }
    expect(cases.length).toBeGreaterThanOrEqual(300);
    const letIn: string[] = [];
    for (const [what, bad] of cases) if ((await call(bad)) === "let in") letIn.push(what);
    expect(letIn).toEqual([]);
    expect(await call(material)).toBe("let in");
  },
);

async function foreignAuthority(trustDomain = "foedus.local"): Promise<Authority> {
  const { clock, random } = realWorld;
  const root = await makeRoot(trustDomain, clock.now(), random);
  return await makeIntermediate(root, clock.now(), random);
}

/** Whoever might sign in our place, and what it would show above the leaf. */
async function signers(foreign: Authority) {
  const own = authority.issuer.certificate;
  const rogueCa = await mint(authority.issuer, "rogue", { ca: true, keyUsage: 96 });
  const rogueLeaf = await mint(authority.issuer, "rogue", {});
  const { issuer, root } = foreign;
  const twin = await mint(undefined, own.subject.replace(/^CN=/, ""), { ca: true, keyUsage: 96 });
  const elsewhere = await foreignAuthority("elsewhere.test");
  const below = await mint(issuer, "below", { ca: true, keyUsage: 96 });
  const list: [string, Issuer | undefined, Authority["root"][]][] = [
    ["a foreign CA of our name", issuer, [issuer.certificate, root]],
    ["a foreign CA behind our intermediate", issuer, [own, authority.root]],
    ["itself", undefined, []],
    ["itself, beside our chain", undefined, [own, authority.root]],
    ["an authority below ours, which has no room", rogueCa, [rogueCa.certificate, own]],
    ["a leaf of ours", rogueLeaf, [rogueLeaf.certificate, own]],
    ["a twin of our intermediate by name", twin, [twin.certificate]],
    ["that twin, beside our chain", twin, [own, authority.root]],
    ["the CA of another domain", elsewhere.issuer, [elsewhere.issuer.certificate, elsewhere.root]],
    ["a CA below a foreign one, behind ours", below, [below.certificate, own, authority.root]],
  ];
  return list;
}

test("1,000 streams of a revoked node end within a second, and it stays out", async () => {
  const { admission, material } = await joined();
  const others = local.hub.sessions.count();
  const clients = Array.from({ length: sessionsMax }, () =>
    createClient(NodeService, transportWith(address(), material)),
  );
  const streams = clients.flatMap((client) =>
    Array.from({ length: streamsEach }, () => client.watchNodes({})[Symbol.asyncIterator]()),
  );
  await Promise.all(streams.map((stream) => stream.next()));
  expect(local.hub.sessions.count()).toBe(others + sessionsMax);
  const ends = Promise.all(streams.map(drain));
  await admin().revokeNode({ requestId: newRequestId(), node: admission.nodeId, reason: "test" });
  const left = () => expect(local.hub.sessions.count()).toBe(others);
  await vi.waitFor(left, { timeout: 1_000 * slowTimes, interval: 5 });
  expect(new Set(await ends)).not.toContain("ended well");
  expect(await call(material)).toContain("was revoked");
});

async function drain(stream: AsyncIterator<unknown>): Promise<string> {
  try {
    while ((await stream.next()).done !== true);
    return "ended well";
  } catch (error) {
    return Code[ConnectError.from(error).code] ?? "unknown";
  }
}

test(
  "a revoked certificate is accepted in 0 of 100 sessions, resumed or new",
  { timeout: 300_000 },
  async () => {
    const { admission, material } = await joined();
    const kept: Buffer[] = [];
    for (let at = 0; at < 10; at += 1) kept.push(await sessionOf(material));
    await admin().revokeNode({ requestId: newRequestId(), node: admission.nodeId, reason: "test" });
    const fates: string[] = [];
    for (let at = 0; at < 100; at += 1) {
      const session = at % 2 === 0 ? kept[at % kept.length] : undefined;
      const nodeOptions = {
        key: material.key,
        cert: material.chain,
        ca: [...material.roots],
        session,
      };
      const resumed = connectTo(nodeOptions);
      await Promise.race([once(resumed, "secureConnect"), once(resumed, "close")]).catch(() => []);
      expect(resumed.isSessionReused()).toBe(false);
      resumed.destroy();
      fates.push(await call(material));
    }
    expect(fates).not.toContain("let in");
  },
);

function connectTo(options: object): TLSSocket {
  const [host = "", port = ""] = local.running.status().nodeAddress.split(":");
  const socket = connect({
    ...options,
    host,
    port: Number(port),
    ALPNProtocols: ["h2"],
    servername: "localhost",
  });
  socket.on("error", () => undefined);
  return socket;
}

async function sessionOf({ key, chain, roots }: TlsMaterial): Promise<Buffer> {
  const socket = connectTo({ key, cert: chain, ca: [...roots] });
  let ticket: Buffer | undefined;
  socket.on("session", (session: Buffer) => (ticket = session));
  await once(socket, "data");
  const session = ticket ?? socket.getSession();
  socket.destroy();
  return session ?? Buffer.alloc(0);
}

test("a restarted hub is the same hub: certificates hold, and revoked ones do not", async () => {
  const [kept, ended] = [await joined(), await joined()];
  const node = ended.admission.nodeId;
  await admin().revokeNode({ requestId: newRequestId(), node, reason: "test" });
  await local.stop({ keep: true });
  local = await startLocalHub({
    values: rates,
    capabilities: [access, identity, nodes],
    again: local,
  });
  expect(await local.running.greeting()).toEqual([]);
  expect(await call(kept.material)).toBe("let in");
  expect(await call(ended.material)).toContain("was revoked");
});

// T-K1: ten thousand and more tokens that are not what they seem; none makes anybody an agent.
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Audience } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { base64url, fromBase64url, utf8 } from "@foedus/kernel/bytes.ts";
import type { NodeCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { keyIdOf, newSigningKey } from "@foedus/kernel/signing.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { beforeAll, expect, test } from "vitest";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Peer } from "../../runtime/listen/peer.ts";
import { agentTokenMsMax, claimsFor, thumbprintOf } from "./agent.ts";
import { openAgents } from "./agents.rpc.ts";

const startMs = 1_800_000_000_000;
let nowMs = startMs;
const hubKey = newSigningKey();
const [ownKey, otherKey] = [newSigningKey().publicKey, newSigningKey().publicKey];
const spiffeId = "spiffe://foedus.local/hub/hub_1";
const [ownPeer, otherPeer] = [peerOf("own"), peerOf("other")];
const kid = base64url(keyIdOf(hubKey.publicKey));
const header = { alg: "EdDSA", typ: "at+jwt", kid };

function peerOf(address: string): Peer {
  return { address, spiffeId: undefined, serial: "01", expireMs: 0, chain: [] };
}

function nodeOf(nodeId: string): NodeCaller {
  return {
    kind: "node",
    audience: Audience.NODE,
    tenant: tenantProved("main"),
    role: Role.MEMBER,
    id: `spiffe://foedus.local/tenant/main/node/${nodeId}`,
    nodeId,
    certificateSerial: "01",
    certificateExpireMs: startMs * 2,
  };
}

const siblingKey = newSigningKey();
const sibling = { spiffeId: "spiffe://foedus.local/hub/hub_2", publicKey: siblingKey.publicKey };
const hubs = [{ spiffeId, publicKey: hubKey.publicKey }];

const agents = openAgents({
  hub: {
    identity: { hubId: "hub_1", trustDomain: "foedus.local", spiffeId, signingKey: hubKey },
    storage: { nowMs: () => nowMs } as Storage,
  },
  domainKeys: {
    known: () => hubs,
    recent: () => Promise.resolve([...hubs, sibling]),
  },
  node: (peer) => {
    return peer === ownPeer
      ? { ...nodeOf("node_own"), identityKey: ownKey }
      : { ...nodeOf("node_other"), identityKey: otherKey };
  },
});

const wish = { agent: "scout", role: Role.OBSERVER, lifetimeMs: 0 };
const made = { jti: "agt_1", jkt: thumbprintOf(ownKey), nowMs: startMs };
const claims = claimsFor(agents.issuer, nodeOf("node_own"), wish, made);
let good = "";
beforeAll(async () => {
  good = await agents.sign(claims);
});

/** What shows a token, and what comes of it: the agent's id, or the reason it is refused for. */
async function shown(token: string, peer = ownPeer): Promise<string> {
  try {
    return (await agents.authenticate(peer, token)).id;
  } catch (error) {
    if (error instanceof Fault) return Reason[error.reason] ?? "?";
    throw error;
  }
}

/** A token of any claims and header, signed by the hub's own key: a hub that errs. */
function signed(payload: string, head: object = header, key = hubKey.privateKey): string {
  const text = `${base64url(utf8(JSON.stringify(head)))}.${base64url(utf8(payload))}`;
  return `${text}.${base64url(new Uint8Array(sign(null, utf8(text), key)))}`;
}

test("the token itself is let in, over its node's connection only", async () => {
  expect(await shown(good)).toBe("spiffe://foedus.local/tenant/main/node/node_own/agent/scout");
  expect(await shown(good, otherPeer)).toBe("AGENT_TOKEN_INVALID");
});

test("another hub over the same database vouches as well, in its own name alone", async () => {
  const head = { ...header, kid: base64url(keyIdOf(siblingKey.publicKey)) };
  const inName = (iss: string) =>
    signed(JSON.stringify({ ...claims, iss }), head, siblingKey.privateKey);
  expect(await shown(inName(sibling.spiffeId))).toMatch(/scout$/);
  expect(await shown(inName(spiffeId))).toBe("AGENT_TOKEN_INVALID");
  const stranger = newSigningKey();
  const unknown = { ...header, kid: base64url(keyIdOf(stranger.publicKey)) };
  const forged = signed(JSON.stringify(claims), unknown, stranger.privateKey);
  expect(await shown(forged)).toBe("AGENT_TOKEN_INVALID");
});

test("it ends with its last millisecond", async () => {
  nowMs = startMs + agentTokenMsMax - 1;
  expect(await shown(good)).toMatch(/scout$/);
  nowMs = startMs + agentTokenMsMax;
  expect(await shown(good)).toBe("AGENT_TOKEN_EXPIRED");
  nowMs = startMs;
});

test("10,000 mutants of a token: none is accepted", async () => {
  let mutants = 0;
  const accepted: string[] = [];
  for (const token of mutantsOf(good)) {
    mutants += 1;
    if (!(await shown(token)).startsWith("AGENT_TOKEN")) accepted.push(token);
  }
  expect(accepted).toEqual([]);
  expect(mutants).toBeGreaterThanOrEqual(10_000);
});

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Every bit of header, payload and signature; every letter; and lengths. */
function* mutantsOf(token: string): Generator<string> {
  const parts = token.split(".");
  for (const [at, part] of parts.entries()) {
    const raw = fromBase64url(part);
    const put = (changed: string) => parts.map((one, n) => (n === at ? changed : one)).join(".");
    for (let bit = 0; bit < raw.length * 8; bit++) {
      const changed = raw.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      yield put(base64url(changed));
    }
    for (let letter = 0; letter < part.length; letter++) {
      const isLast = letter === part.length - 1;
      for (const other of isLast ? alphabet : "aZ09-_=. bYx8%") {
        if (part[letter] === other) continue;
        yield put(`${part.slice(0, letter)}${other}${part.slice(letter + 1)}`);
      }
      yield put(part.slice(0, letter));
    }
    yield put(`${part}A`);
    yield put("");
  }
}

const now = Math.floor(startMs / 1_000);
const wrongClaims: Record<string, Record<string, unknown>> = {
  "no end": { exp: undefined },
  "an end in ten years": { exp: now + 315_360_000 },
  "an end that is a text": { exp: String(now + 300) },
  "an end that is no number": { exp: null },
  "an end in the past": { iat: now - 301, exp: now - 1 },
  "no beginning": { iat: undefined },
  "a beginning in the future": { iat: now + 60, exp: now + 360 },
  "one second too long": { exp: now + 301 },
  "another issuer": { iss: "spiffe://foedus.local/hub/hub_2" },
  "no issuer": { iss: undefined },
  "another domain": { aud: "spiffe://elsewhere" },
  "a list of domains": { aud: ["spiffe://foedus.local", "spiffe://elsewhere"] },
  "no audience": { aud: undefined },
  "another node's agent": { sub: claims.sub.replace("node_own", "node_other") },
  "the node itself": { sub: "spiffe://foedus.local/tenant/main/node/node_own" },
  "an agent of an agent": { sub: `${claims.sub}/agent/deeper` },
  "an agent with dots": { sub: claims.sub.replace("scout", "..") },
  "an agent without a name": { sub: claims.sub.replace("scout", "") },
  "another tenant": { sub: claims.sub.replace("/main/", "/other/") },
  "no id": { jti: undefined },
  "a role that is none": { role: 9 },
  "no role": { role: 0 },
  "a role in words": { role: "ROLE_ADMIN" },
  "another key": { cnf: { jkt: thumbprintOf(otherKey) } },
  "no key": { cnf: {} },
  "a key and another": { cnf: { jkt: claims.cnf.jkt, jwk: {} } },
  "no binding": { cnf: undefined },
  "a claim too many": { admin: true },
};

test.each(Object.entries(wrongClaims))("claims with %s are refused", async (_name, wrong) => {
  const token = signed(JSON.stringify({ ...claims, ...wrong }));
  expect(await shown(token)).toMatch(/^AGENT_TOKEN/);
});

const stranger = generateKeyPairSync("ed25519").privateKey;
const body = JSON.stringify(claims);
const unsigned = `${base64url(utf8(JSON.stringify({ ...header, alg: "none" })))}.${base64url(utf8(body))}.`;

function hmacOf(alg: string, secret: Uint8Array | string): string {
  const text = `${base64url(utf8(JSON.stringify({ ...header, alg })))}.${base64url(utf8(body))}`;
  const mac = createHmac("sha256", secret).update(text).digest();
  return `${text}.${base64url(new Uint8Array(mac))}`;
}

const forgeries: [string, () => string][] = [
  ["another key signed it", () => signed(body, header, stranger)],
  ["no algorithm", () => unsigned],
  [
    "no algorithm, in capitals",
    () => unsigned.replace(/^[^.]+/, base64url(utf8('{"alg":"NONE"}'))),
  ],
  ["a shared secret that is the public key", () => hmacOf("HS256", hubKey.publicKey)],
  ["a shared secret that is empty", () => hmacOf("HS256", "")],
  ["another type", () => signed(body, { ...header, typ: "JWT" })],
  ["no type", () => signed(body, { alg: "EdDSA", kid })],
  ["a key id that is a path", () => signed(body, { ...header, kid: "../../dev/null" })],
  ["a key that it brings along", () => signed(body, { ...header, jwk: { kty: "OKP" } })],
  ["an address for its key", () => signed(body, { ...header, jku: "https://127.0.0.1/keys" })],
  ["a critical extension", () => signed(body, { ...header, crit: ["exp"], exp: 1 })],
  ["an unencoded payload", () => signed(body, { ...header, b64: false, crit: ["b64"] })],
  ["an encrypted one", () => `${good}.AAAA.AAAA`],
  ["a megabyte", () => `${good}${"A".repeat(1_048_576)}`],
  ["nothing", () => ""],
  ["two dots", () => ".."],
  ["a payload that is a list", () => signed("[]")],
  ["a payload that is a text", () => signed('"spiffe"')],
  ["a payload that is cut", () => signed(body.slice(0, -1))],
  ["a payload that poisons", () => signed(body.replace("{", '{"__proto__":{"role":3},'))],
];

test.each(forgeries)("a token with %s is refused", async (_name, make) => {
  expect(await shown(make())).toMatch(/^AGENT_TOKEN/);
});

import { CompactSign, compactVerify, decodeProtectedHeader, errors } from "jose";
import type { AgentCaller, NodeCaller } from "@foedus/kernel/caller.ts";
import { base64url, fromBase64url, utf8 } from "@foedus/kernel/bytes.ts";
import { keyIdOf } from "@foedus/kernel/signing.ts";
import type { Hub } from "../../runtime/capability.ts";
import type { Peer } from "../../runtime/listen/peer.ts";
import {
  agentOf,
  invalid,
  requireUnexpired,
  thumbprintOf,
  type AgentClaims,
  type AgentIssuer,
} from "./agent.ts";
import type { DomainKey } from "./signer.store.ts";
import type { DomainKeys } from "./signers.rpc.ts";

/** The tokens of agents: made, verified once, and remembered until they end. */
export interface Agents {
  readonly issuer: AgentIssuer;
  sign(claims: AgentClaims): Promise<string>;
  /** Who shows a token over a node's connection. @throws Fault AGENT_TOKEN_INVALID or _EXPIRED. */
  authenticate(peer: Peer, token: string): Promise<AgentCaller>;
  /** Lets an agent's live streams over this connection go on until a newer token ends. */
  refresh(peer: Peer, newer: AgentCaller): void;
  /** @throws Fault AGENT_TOKEN_EXPIRED once its newest token over this connection has ended. */
  requireStanding(peer: Peer, agent: AgentCaller): void;
}

/** What the tokens are checked with. */
export interface AgentsKit {
  readonly hub: Pick<Hub, "identity" | "storage">;
  /** The hubs whose tokens count: all over this database. */
  readonly domainKeys: DomainKeys;
  /** Who the connection belongs to, and its identity key. */
  node(peer: Peer): NodeCaller & { readonly identityKey: Uint8Array };
}

const algorithm = "EdDSA";
/** RFC 9068, so that no other token of this key passes for an agent's. */
const type = "at+jwt";
const verifiedMax = 10_000;
const tokenBytesMax = 4_096;

/** No agent yet. */
export function openAgents({ hub, node, domainKeys }: AgentsKit): Agents {
  const { spiffeId, trustDomain, signingKey } = hub.identity;
  const issuer = { spiffeId, trustDomain };
  const kid = base64url(keyIdOf(signingKey.publicKey));
  const verified = new Map<string, Verified>();
  const signerOf = openSigners(domainKeys);
  // By connection, then by agent: the end of the newest token that was shown there.
  const ends = new WeakMap<Peer, Map<string, number>>();

  const callerIn = (peer: Peer, { payload, signer }: Verified): AgentCaller => {
    const owner = node(peer);
    const jkt = thumbprintOf(owner.identityKey);
    const by = { spiffeId: signer.spiffeId, trustDomain };
    return agentOf(payload, by, { ...owner, jkt }, hub.storage.nowMs());
  };

  return {
    issuer,
    async sign(claims) {
      const header = { alg: algorithm, typ: type, kid };
      const token = new CompactSign(utf8(JSON.stringify(claims))).setProtectedHeader(header);
      return await token.sign(signingKey.privateKey);
    },
    async authenticate(peer, token) {
      // What a signature was checked for once, is held against clock and connection again.
      const before = verified.get(token);
      if (before !== undefined) return callerIn(peer, before);
      const found = await verify(token, signerOf);
      const caller = callerIn(peer, found);
      const [oldest] = verified.keys();
      if (verified.size >= verifiedMax && oldest !== undefined) verified.delete(oldest);
      verified.set(token, found);
      return caller;
    },
    refresh(peer, { id, tokenExpireMs }) {
      const known = ends.get(peer) ?? new Map<string, number>();
      const nowMs = hub.storage.nowMs();
      for (const [agent, endMs] of known) if (endMs <= nowMs) known.delete(agent);
      ends.set(peer, known.set(id, Math.max(known.get(id) ?? 0, tokenExpireMs)));
    },
    requireStanding(peer, { id, tokenExpireMs }) {
      const endMs = Math.max(tokenExpireMs, ends.get(peer)?.get(id) ?? 0);
      requireUnexpired(endMs, hub.storage.nowMs());
    },
  };
}

/** What a token says, and which hub signed it. */
interface Verified {
  readonly payload: unknown;
  readonly signer: DomainKey;
}

type SignerOf = (kid: string) => Promise<DomainKey | undefined>;

/** Finds hubs by key id; one that nobody heard of may have started a moment ago. */
function openSigners(keys: DomainKeys): SignerOf {
  const among = (all: readonly DomainKey[], kid: string) =>
    all.find(({ publicKey }) => base64url(keyIdOf(publicKey)) === kid);
  return async (kid) => among(keys.known(), kid) ?? among(await keys.recent(), kid);
}

/** @throws Fault AGENT_TOKEN_INVALID unless a hub of this database signed it as it stands */
async function verify(token: string, signerOf: SignerOf): Promise<Verified> {
  if (token.length > tokenBytesMax) throw invalid(`it is longer than ${tokenBytesMax} letters`);
  // The last letter of a part has bits to spare: one token has one spelling (RFC 4648, 3.5).
  const canonical = token.split(".").every((part) => base64url(fromBase64url(part)) === part);
  if (!canonical) throw invalid("it is not spelled as the hub spells it");
  try {
    const { typ, kid, alg, ...others } = decodeProtectedHeader(token);
    const plain = alg === algorithm && typ === type && kid !== undefined;
    if (!plain || Object.keys(others).length > 0) throw invalid("its header is not ours");
    const signer = await signerOf(kid);
    if (signer === undefined) throw invalid("no hub here has the key that it names");
    const jwk = { kty: "OKP", crv: "Ed25519", x: base64url(signer.publicKey) };
    const { payload } = await compactVerify(token, jwk, { algorithms: [algorithm] });
    const text = new TextDecoder("utf-8", { fatal: true }).decode(payload);
    return { payload: JSON.parse(text) as unknown, signer };
  } catch (error) {
    if (error instanceof errors.JOSEError) throw invalid("its signature is not the hub's");
    if (error instanceof SyntaxError || error instanceof TypeError) {
      throw invalid("it is no token at all");
    }
    throw error;
  }
}

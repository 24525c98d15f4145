import { resolve } from "node:path";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import type { Capability, Hub, Running } from "../../runtime/capability.ts";
import type { Peer } from "../../runtime/listen/peer.ts";
import { openAgents } from "./agents.rpc.ts";
import { openAuthority, type OpenedAuthority } from "./authority.files.ts";
import { authorityStore } from "./authority.store.ts";
import { openChallenges } from "./challenge.ts";
import { openDirectory, type Directory } from "./directory.ts";
import { directoryLoops, learnAll, missedWake } from "./directory.loop.ts";
import { directoryStore } from "./directory.store.ts";
import { identityRpc } from "./identity.rpc.ts";
import { identityStore } from "./identity.store.ts";
import { recoveryGreeting } from "./recovery.ts";
import { retiredLoop } from "./retired.loop.ts";
import { openDomainKeys } from "./signers.rpc.ts";
import { openTls } from "./tls.loop.ts";
import { redeemOnce, tokenStore, type Redeem } from "./token.store.ts";
import { openTries } from "./tries.ts";
import { upkeepLoops } from "./upkeep.loop.ts";

/** Who is who: tokens that admit, certificates that prove, revocations that end. */
export const identity: Capability = identityWith(redeemOnce);

/** The capability with another statement that redeems; tests break it on purpose. */
export function identityWith(redeem: Redeem): Capability {
  return { name: "identity", tier: Tier.P0, start: (hub) => start(hub, redeem) };
}

async function start(hub: Hub, redeem: Redeem): Promise<Running> {
  const { storage, world } = hub;
  const folder = resolve(hub.config().data);
  const opened = await openRoot(hub, folder);
  const { authority } = opened;
  const store = directoryStore(storage);
  const directory = openDirectory({
    trustDomain: hub.identity.trustDomain,
    nowMs: () => storage.nowMs(),
    cut: (spiffeId) => void hub.sessions.cut(spiffeId),
    missed: () => storage.wake.ring(missedWake, ""),
  });
  await learnAll({ directory, store });
  const tokens = tokenStore(storage);
  const identities = identityStore({ storage, directory, redeem });
  const tls = await openTls(hub, authority);
  const challenges = openChallenges(hub.identity.signingKey, world.random);
  const tries = openTries(world.clock);
  const { readNode } = store;
  const { spiffeId, signingKey } = hub.identity;
  const own = { spiffeId, publicKey: signingKey.publicKey };
  const domainKeys = await openDomainKeys(storage, own);
  const node = (peer: Peer) => ownerOf(directory, peer);
  const agents = openAgents({ hub, node, domainKeys });
  const parts = { hub, authority, tokens, identities, readNode, challenges, tries };
  const kit = { ...parts, agents, domainKeys };
  return {
    services: [identityRpc(kit)],
    loops: [
      tls.loop,
      ...directoryLoops({ storage, directory, store }),
      retiredLoop(storage, identities),
      ...upkeepLoops({ hub, authority, directory, store, tokens }),
    ],
    authenticateNode: (peer) => directory.authenticate(peer),
    agents,
    tls: tls.source,
    greeting: async () => recoveryGreeting(folder, opened),
  };
}

/** Whose connection it is, and the key that the tokens of its agents are bound to. */
function ownerOf(directory: Directory, peer: Peer) {
  const node = directory.authenticate(peer);
  return { ...node, identityKey: directory.keyOf(node.id) ?? new Uint8Array() };
}

/** Opens the CA, and remembers whom nodes will trust. */
async function openRoot(hub: Hub, folder: string): Promise<OpenedAuthority> {
  const { storage, world, identity: own } = hub;
  const roots = authorityStore(storage, own.hubId);
  const trusted = await roots.trusted();
  const nowMs = storage.nowMs();
  const { trustDomain } = own;
  const opened = await openAuthority({ folder, trustDomain, world, nowMs, trusted });
  if (opened.codeLost) {
    const what = "back up the data folder: without keys/ this hub's nodes must all join again";
    hub.log.warn("the recovery code of the CA was never shown", { what });
  }
  if (trusted === undefined) await roots.trust(opened.authority.caHash);
  return opened;
}

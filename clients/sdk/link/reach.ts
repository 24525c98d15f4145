import type { ClientHttp2Session } from "node:http2";
import { contactHub, requireNow, trusting } from "../membership/contact.ts";
import type { HubChain } from "../trust/chain.ts";
import { ChainRefused, followChain, holdsAt } from "../trust/chain.ts";
import { OwnCertificateRefused, dial } from "../wire/dial.ts";
import { reenter } from "./certify.ts";
import type { NodeKit } from "./kit.ts";
import { leftMs } from "./kit.ts";

/** A certificate that ends within this is not worth a handshake. */
const spareMs = 250;

/** Connects to the node listener, coming back by the identity key first if the certificate lapsed. */
export async function reachHub(kit: NodeKit): Promise<ClientHttp2Session> {
  if (leftMs(kit) <= spareMs) await reenter(kit);
  try {
    return await dialNode(kit);
  } catch (error) {
    // Our clock may have stood still with the machine: then the hub knows better that it lapsed.
    if (!(error instanceof OwnCertificateRefused)) throw error;
    await reenter(kit);
    return dialNode(kit);
  }
}

async function dialNode(kit: NodeKit): Promise<ClientHttp2Session> {
  const { membership, world, ended } = kit;
  const { nodeAddress: address } = membership.admission;
  const { chain = "", tlsKey: key } = membership;
  let proved: HubChain | undefined;
  const session = await dial({
    address,
    world,
    signal: ended.signal,
    own: { chain, key },
    inspect: (presented) => (proved = trusting(address, () => prove(kit, presented))),
  });
  if (proved !== undefined && holdsAt(proved, kit.clock.now())) return session;
  const doubted = proved;
  try {
    // Before the hub is called out of date, it may tell what time it is.
    using _contact = await contactHub(membership.invitation, { ...kit, signal: ended.signal });
    if (doubted !== undefined) trusting(address, () => requireNow(doubted, kit.clock));
    return session;
  } catch (error) {
    session.destroy();
    throw error;
  }
}

/** Who it must be: this hub, below the roots of its own trust domain. */
function prove({ membership }: NodeKit, presented: readonly Uint8Array[]): HubChain {
  const { bundle, hubSpiffeId } = membership.admission;
  const chain = followChain(presented, bundle?.roots ?? []);
  if (chain.spiffeId !== hubSpiffeId) throw new ChainRefused(`it is ${chain.spiffeId}`);
  return chain;
}
